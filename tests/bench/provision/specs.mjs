/** @param {number} count */
const trainings = (count) =>
  Array.from({ length: count }, (_, index) => ({
    title: `Question ${index + 1}`,
    content: `The answer to question ${index + 1}, as the desk gives it to every guest.`,
  }));

/** @param {string} id @param {number} count */
const members = (id, count) =>
  Array.from({ length: count }, (_, index) => ({ email: `member-${index + 1}@${id}.example` }));

/** A whole customer. @param {string} id */
export const whole = (id) => ({
  org: { name: `Customer ${id}`, external_id: id, website: `https://${id}.example`, language: "en" },
  trainings: trainings(10),
  members: members(id, 3),
  office_hours: [
    {
      name: "Desk",
      iana_timezone: "Europe/Lisbon",
      shifts: ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day_of_week) => ({
        day_of_week,
        start_time: "09:00:00",
        end_time: "17:00:00",
      })),
    },
  ],
  tags: ["refund", "group", "complaint"].map((tag_name) => ({ tag_name })),
});

/** One of many: five calls. @param {number} index */
export const slim = (index) => {
  const id = `c-${index}`;
  return {
    org: { name: `Customer ${index}`, external_id: id },
    trainings: trainings(2),
    members: members(id, 1),
  };
};
