import { BatchList } from "./batch-list.js";
import { BatchView } from "./batch-view.js";
import { isOver } from "./batch-words.js";
import { Draft } from "./draft.js";
import { openPage } from "./frame.js";

openPage(async (frame) => {
  const list = new BatchList(frame);
  const view = new BatchView(frame, () => list.refresh());
  new Draft(frame, (id) => {
    location.hash = id;
    list.refresh();
  });
  const open = () => {
    const id = location.hash.slice(1);
    list.mark(id);
    if (id === "") view.close();
    else view.open(id);
  };
  addEventListener("hashchange", () => {
    open();
    view.focus();
  });
  let here = false;
  frame.ready = async () => {
    const [latest] = await list.refresh();
    // Who comes back sees what goes on.
    if (!here && location.hash === "" && latest !== undefined && !isOver(latest)) {
      history.replaceState(null, "", `#${latest.id}`);
    }
    here = true;
    open();
  };
  document.addEventListener("visibilitychange", () => {
    if (here && document.visibilityState === "visible") list.refresh();
  });
  await frame.check();
});
