// The demo's HTTP side: JSON in, JSON out, and what went wrong as words.

export const API = "/demo/api";

export class ApiError extends Error {
  /** `status` 0: no answer came at all. `password`: whether one would help where signing in is asked for. */
  constructor(
    readonly status: number,
    text: string,
    readonly password = true,
  ) {
    super(text);
    this.name = "ApiError";
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answered<T>(await asked(path, { ...(signal ? { signal } : {}), headers: { Accept: "application/json" } }));
}

export async function postJson(path: string, body: unknown): Promise<void> {
  const answer = await asked(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw await refusal(answer);
}

async function asked(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(API + path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "The server does not answer. Check your network, then try again.");
  }
}

async function answered<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw await refusal(answer);
  try {
    return (await answer.json()) as T;
  } catch {
    throw new ApiError(answer.status, "The server's answer could not be read.");
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  let text = `The server answered ${answer.status}.`;
  let password = true;
  try {
    const told = (await answer.json()) as { error?: unknown; password?: unknown };
    password = told.password !== false;
    if (typeof told.error === "string") text = told.error.charAt(0).toUpperCase() + told.error.slice(1);
  } catch {
    // No JSON: the number says it.
  }
  return new ApiError(answer.status, text, password);
}
