// Passkeys in this browser: whether it has any, making one, showing one. The house decides; this only carries.

/** Whether this browser can have passkeys on this page at all. */
export const supported = () => isSecureContext && typeof PublicKeyCredential === "function";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const described = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

/** Make a passkey by the house's options; what it is sent. */
export async function make(options) {
  const made = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  } });
  return {
    id: made.id, rawId: text(made.rawId), type: made.type,
    response: {
      clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

/** Show a passkey by the house's options; what it is sent. `extra`: `mediation`, `signal`. */
export async function show(options, extra = {}) {
  const shown = await navigator.credentials.get({ ...extra, publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials),
  } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return {
    id: shown.id, rawId: text(shown.rawId), type: shown.type,
    response: {
      clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

/** What sort of device this is, as the list of passkeys will call it. */
export function device() {
  const found = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(navigator.userAgent)?.[0] ?? "";
  return { Macintosh: "Mac" }[found] ?? found;
}

/**
 * What a browser's error means, as the end of a message's name: `passkey-<this>`.
 *
 * "known": this device has one already; "certificate": it does not trust the house's certificate; "stopped":
 * closed or timed out; "name": made for another name.
 */
export function meaning(error) {
  if (error.name === "InvalidStateError") return "known";
  if (error.name === "NotAllowedError" && /certificate/i.test(error.message)) return "certificate";
  if (error.name === "NotAllowedError" || error.name === "AbortError") return "stopped";
  if (error.name === "SecurityError") return "name";
  return "failed";
}

/** Tell the browser that the house knows this passkey no longer, so that it is offered no more. */
export const forget = (rpId, credentialId) => PublicKeyCredential.signalUnknownCredential?.({ rpId, credentialId }).catch(() => {});

/**
 * Whether the browser refuses passkeys because of the certificate: Chromium does so on pages behind a warning, and
 * says so only when asked. Nothing is shown to anybody by asking.
 */
export async function distrusted(options) {
  if (location.protocol !== "https:" || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return false;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 400);
  try {
    await show(options, { mediation: "conditional", signal: stop.signal });
  } catch (error) {
    return meaning(error) === "certificate";
  } finally {
    clearTimeout(timer);
  }
  return false;
}
