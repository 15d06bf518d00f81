/** Runs before every test file: properties are tried on the same examples each time, so that a failure can be repeated. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_121 });
