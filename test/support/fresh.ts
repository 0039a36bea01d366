// Runs before each test file: files share a process, and names of layers are to begin anew in each.
import { clearSession } from "../../src/keras/utils/naming.ts";

clearSession({ freeMemory: false });
