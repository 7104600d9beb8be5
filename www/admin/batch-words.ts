import type { Batch } from "../sdk/batch.js";
import type { Counts } from "./batch-customers.js";
import { number } from "./number.js";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** When a batch was begun. */
export function beganAt({ createdAt }: Batch): string {
  return WHEN.format(new Date(createdAt));
}

export function isOver({ state }: Batch): boolean {
  return state === "stopped" || state === "finished";
}

/** Where a batch stands, in a word or two. */
export function standing(batch: Batch): string {
  if (batch.state === "running") return "Running";
  if (batch.state === "stopping") return "Stopping";
  if (batch.state === "stopped") return "Stopped";
  return batch.ok ? "Done" : "Some failed";
}

/** The same in sentences that are read out: while it runs they change at each tenth, not with each customer. */
export function told(batch: Batch, counts: Counts): string {
  const { waiting, running, done, failed } = counts;
  const total = waiting + running + done + failed;
  const ended = `${number(done)} done, ${number(failed)} failed, ${number(waiting + running)} have not had their turn.`;
  const next = "Resume goes on with those who are not done.";
  switch (batch.state) {
    case "running": {
      const tenths = Math.floor(((done + failed) / total) * 10);
      const far = `${tenths * 10} % of ${number(total)} customers have had their turn.`;
      return `Running. ${far}${failed > 0 ? " Some have failed." : ""} You may close this page: the proxy goes on.`;
    }
    case "stopping":
      return "Stopping. Calls under way are finished first.";
    case "stopped":
      return batch.stopped === "failures"
        ? `Stopped, because too many failed: ${ended} ${next}`
        : `Stopped by a person: ${ended} ${next}`;
    case "finished":
      return batch.ok
        ? total === 1
          ? "The customer is set up."
          : `All ${number(total)} customers are set up.`
        : `It is over: ${number(done)} done, ${number(failed)} failed. ${next}`;
  }
}
