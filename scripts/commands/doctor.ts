/** `proprio doctor`: what works on this machine, and what to do about what does not. */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type DeviceReport, devices } from '../../src/tensor/index.ts';

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('Check this machine: Node, cores, and which devices load')
    .option('--json', 'print one JSON value')
    .addHelpText('after', '\nExamples:\n  proprio doctor\n  proprio doctor --json')
    .action(({ json }: { json?: boolean }) => {
      const machine = {
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
        cores: cpus().length,
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        memoryGiB: Math.round(totalmem() / 2 ** 30),
      };
      const reports = devices.filter((device) => device !== 'reference').map(probeApart);
      if (json) {
        console.log(JSON.stringify({ ...machine, devices: reports }));
        return;
      }
      console.log(
        `Node ${machine.node} on ${machine.platform}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB`,
      );
      for (const { device, available, detail } of reports) {
        console.log(
          `${available ? 'ok     ' : 'missing'} ${device.padEnd(10)} ${detail.replaceAll('\n', `\n${' '.repeat(19)}`)}`,
        );
      }
      console.log(
        '\nTraining needs "cpu" only. The default device is cpu; --device auto measures all that load and takes the fastest.',
      );
    });

/** Probes in a process of its own: a broken driver can take the process down. */
function probeApart(device: string): DeviceReport {
  const script = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../probe-device.ts' : '../probe-device.js', import.meta.url),
  );
  const { stdout, status, signal } = spawnSync(process.execPath, [...process.execArgv, script, device], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const line = stdout?.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as DeviceReport;
  } catch {
    return {
      device: device as DeviceReport['device'],
      available: false,
      detail: `the driver ended the process (${signal ?? `exit ${status}`})`,
    };
  }
}
