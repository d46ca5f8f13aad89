### Proving that it is you: what portal and app say alike.

step-up-title = Is it you?
step-up-why = What you are about to do hands data on or changes who gets in, so the house asks for your proof once more. It is then good for five minutes.
step-up-passkey = Confirm with a passkey
step-up-go = Confirm
step-up-wrong = That was not right. After several tries, wait a few minutes.
step-up-not-now = Not now

sign-in-name = Name
sign-in-password = Password
sign-in-or = or
sign-in-code = Code of your authenticator app
sign-in-code-hint = Six digits; a new one every 30 seconds.
sign-in-nobody-answers = The house does not answer. Is this device in its network?

passkey-known = Good news: this device is already set up.
passkey-stopped = The dialogue was closed or took too long; nothing was changed. Try again when you like.
passkey-certificate = This device does not trust the house’s certificate, and behind a certificate warning browsers allow no passkeys. Trust it once on this device, or use password and code.
passkey-name = This passkey belongs to another address of the house.
passkey-failed = This device could not make or show a passkey. Try another one, or use password and code.
passkey-unsupported = This browser has no passkeys. Use password and code, or another browser.
passkey-how-to-trust = How to trust it
