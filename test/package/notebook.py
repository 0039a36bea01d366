"""Runs a notebook in the Deno kernel and prints the cells with their outputs, as JSON."""

import json
import sys
import time

import nbformat
from nbclient import NotebookClient


class Client(NotebookClient):
    """Waits a little longer: this kernel may send an output just after it has said that it is idle."""

    async def async_execute_cell(self, cell, cell_index, **options):
        result = await super().async_execute_cell(cell, cell_index, **options)
        if cell.cell_type != "code":
            return result
        end = time.monotonic() + 0.15
        while time.monotonic() < end:
            try:
                message = await self.kc.get_iopub_msg(timeout=0.05)
            except Exception:
                continue
            self.process_message(message, cell, cell_index)
        return result


notebook = nbformat.read(sys.argv[1], as_version=4)
Client(notebook, timeout=120, kernel_name="tsuno-test", resources={"metadata": {"path": sys.argv[2]}}).execute()
print(json.dumps([{"source": c.source, "outputs": c.outputs} for c in notebook.cells if c.cell_type == "code"]))
