import type { FormValues } from "./form.js";

/** The customer whose website the demo serves. */
export function demoCustomer(website: string): FormValues {
  return {
    name: "Kittiwake Sea Tours",
    externalId: "kittiwake-sea-tours",
    website,
    language: "en",
    aiInstructions:
      "You are the assistant of Kittiwake Sea Tours, a small kayak and boat tour company. Answer from what you know, in two or three sentences. If you are not sure, offer to bring in a colleague.",
    trainings: [
      {
        title: "A guest asks for the photos of the tour",
        content:
          "Guides take photos on every tour. Guests get a link to them by e-mail within two days, free of charge.",
        type: "SCENARIO_SPECIFIC",
      },
      {
        title: "Tone of voice",
        content: "Be warm and brief, and never promise calm weather.",
        type: "BEHAVIORAL",
      },
    ],
    invitee: "isla@kittiwake-tours.example",
  };
}
