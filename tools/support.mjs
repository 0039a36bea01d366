// Another name of tools/parity.mjs.
import "./parity.mjs";
