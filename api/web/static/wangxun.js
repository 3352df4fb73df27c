// Quickens pages that work without it.
const named = (form, name) => Array.from(form.elements).filter((box) => box.name === name && box.type === "checkbox");

// How many are ticked, and buttons that need at least one.
function tell(form) {
  for (const place of form.querySelectorAll("[data-count]")) {
    place.textContent = named(form, place.dataset.count).filter((box) => box.checked).length;
  }
  for (const button of form.querySelectorAll("[data-needs]")) {
    button.disabled = !named(form, button.dataset.needs).some((box) => box.checked);
  }
  for (const all of form.querySelectorAll("[data-all]")) {
    const boxes = named(form, all.dataset.all);
    all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  }
}

// What says nothing true without script is hidden until here.
for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

// A telephone shows the list first and the filters when they are asked for; without script they stand open above it.
const narrow = matchMedia("(max-width: 767.98px)");
const fold = () => {
  for (const part of document.querySelectorAll("[data-folding]")) part.open = !narrow.matches;
};
fold();
narrow.addEventListener("change", fold);

for (const form of document.forms) {
  form.addEventListener("change", (event) => {
    const all = event.target.dataset && event.target.dataset.all;
    if (all) for (const box of named(form, all)) box.checked = event.target.checked;
    tell(form);
  });
  tell(form);
}

// A second press while the first is on its way would decide or export twice.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => setTimeout(() => {
    for (const button of form.querySelectorAll("button")) {
      button.disabled = true;
      if (form.dataset.once) button.textContent = form.dataset.once;
    }
  }));
}

// Coming back by the browser's own button: everything usable again, ticks counted anew.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }
  for (const form of document.forms) tell(form);
});
