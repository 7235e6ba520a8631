// Figures that go on while the page is open: asked for anew, only while it is looked at.

const EVERY = 5000;

for (const place of document.querySelectorAll("[data-live]")) {
  let waits = EVERY;
  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(place.dataset.live, { credentials: "same-origin" });
        if (!answer.ok) return; // signed out: the figures stand as they were
        const told = await answer.text();
        const same = told.trim() === place.dataset.told;
        waits = same ? Math.min(waits * 1.5, 60000) : EVERY;
        if (!same) {
          place.dataset.told = told.trim();
          const page = new DOMParser().parseFromString(told, "text/html");
          place.replaceChildren(...page.body.childNodes);
        }
      } catch {
        waits = 30000; // the network is away
      }
    }
    setTimeout(ask, waits);
  };
  setTimeout(ask, waits);
}
