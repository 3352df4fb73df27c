// Quickens pages that work without it: one box ticks all of its name.
for (const box of document.querySelectorAll("[data-all]")) {
  box.addEventListener("change", () => {
    for (const other of box.form.elements) {
      if (other.name === box.dataset.all) other.checked = box.checked;
    }
  });
}
