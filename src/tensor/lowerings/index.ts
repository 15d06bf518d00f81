/** Importing this file teaches the recorder every kernel that can be compiled. */
import './elementwise.ts';
import './matmul.ts';
import './reduce.ts';
import './shape.ts';
