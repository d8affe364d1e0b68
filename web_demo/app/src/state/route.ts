// Addresses of the page: /demo/ talks, /demo/calls lists, /demo/calls/ID opens one.

export type Route = { page: "talk" } | { page: "calls" } | { page: "call"; id: string } | { page: "nowhere" };

export const TALK = "/demo/";
export const CALLS = "/demo/calls";

export function routeOf(path: string): Route {
  const parts = path.replace(/^\/demo\/?/u, "").split("/").filter((part) => part !== "");
  if (parts.length === 0 || (parts.length === 1 && parts[0] === "index.html")) return { page: "talk" };
  if (parts[0] === "sign-in" && parts.length === 1) return { page: "talk" };
  if (parts[0] !== "calls" || parts.length > 2) return { page: "nowhere" };
  return parts[1] === undefined ? { page: "calls" } : { page: "call", id: decoded(parts[1]) };
}

export function callPath(id: string): string {
  return `${CALLS}/${encodeURIComponent(id)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
