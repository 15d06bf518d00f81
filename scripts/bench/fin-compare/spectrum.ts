/** How strongly each frequency swings in a row of samples. */

/**
 * Amplitude of the sine at each frequency, seen through Blackman's window: what leaks beside a peak is below 0.2 % from three
 * bins of 1/(n·timestep) on, so that weak harmonics are seen. The mean under the window is taken off first.
 * @param samples `[n]`
 * @param timestep between them
 * @param frequencies above 0 and up to half of one per timestep
 * @returns `[frequencies]`, in the unit of the samples
 */
export function amplitudeSpectrum(
  samples: readonly number[],
  timestep: number,
  frequencies: readonly number[],
): number[] {
  const window = samples.map((_, i) => {
    const angle = (2 * Math.PI * (i + 0.5)) / samples.length;
    return 0.42 - 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
  });
  const weight = window.reduce((sum, value) => sum + value, 0);
  const middle = samples.reduce((sum, value, i) => sum + window[i]! * value, 0) / weight;
  return frequencies.map((frequency) => {
    let [real, imaginary] = [0, 0];
    for (const [i, value] of samples.entries()) {
      const weighted = window[i]! * (value - middle);
      const angle = 2 * Math.PI * frequency * i * timestep;
      real += weighted * Math.cos(angle);
      imaginary += weighted * Math.sin(angle);
    }
    return (2 * Math.hypot(real, imaginary)) / weight;
  });
}
