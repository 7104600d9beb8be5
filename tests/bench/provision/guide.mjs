/**
 * The guide's own way: each call after the one before it has been answered. Gives the milliseconds that it took.
 *
 * @param {string} api
 * @param {string} partnerKey
 * @param {ReturnType<typeof import("./specs.mjs").whole>} spec
 */
export async function setUpByGuide(api, partnerKey, spec) {
  /** @param {string} key @param {string} method @param {string} path @param {unknown} body @returns {Promise<any>} */
  async function call(key, method, path, body) {
    const answer = await fetch(api + path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  const started = performance.now();
  const org = await call(partnerKey, "POST", "/partner/v1/orgs", spec.org);
  const path = `/partner/v1/orgs/${org.id}`;
  const key = await call(partnerKey, "POST", `${path}/api-keys`, { name: "Guide" });
  const orgKey = key.token ?? key.api_key ?? key.key;
  for (const training of spec.trainings) await call(orgKey, "POST", "/training", training);
  for (const hours of spec.office_hours) await call(orgKey, "POST", "/office-hours", hours);
  for (const tag of spec.tags) await call(orgKey, "PUT", "/tags", tag);
  for (const member of spec.members) await call(partnerKey, "POST", `${path}/invitations`, member);
  return performance.now() - started;
}
