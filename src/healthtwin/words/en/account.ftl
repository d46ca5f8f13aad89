### Signing in, setting up a way in, and one's own account.

## Signing in

sign-in-passkey = Sign in with a passkey
sign-in-passkey-hint = With the fingerprint, face or PIN of this device.
sign-in-with = Sign in with { $provider }
sign-in-both = Name and password are both needed.
sign-in-wrong = That was not right, or too much was tried. Check it, and wait a few minutes after several tries.
sign-in-too-often = Too many sign in just now. Wait a moment.
sign-in-clock =
    { $way ->
        [ahead] Your phone’s clock is { $minutes } min ahead. Let it set its time by itself, then take the next code.
       *[behind] Your phone’s clock is { $minutes } min behind. Let it set its time by itself, then take the next code.
    }
passkey-opens-nothing = This passkey is not known here, or opens nothing any more. Sign in in another way.
passkey-copied = This passkey was refused: its counter went back, as it does when a key was copied. Sign in in another way and say under “My account” whether it was you.
sign-in-recovery-code = Recovery code
sign-in-recovery-hint = One of the codes that you printed or wrote down. It works once.
sign-in-use-recovery = Use a recovery code
sign-in-use-code = Use the app’s code
sign-in-other-name = Start over
sign-in-needs-script = Signing in with a passkey or password needs JavaScript, which is switched off in this browser. A sign-in link works without.

passkey-not-address = Passkeys belong to a name, and this page was opened by an IP address. Password and code work here.
passkey-not-plain = Passkeys need an encrypted connection, and this page came without one.
passkey-not-elsewhere = This house’s passkeys belong to another address than the one in the address bar.
passkey-not-nameless = This house is served under no name that passkeys could belong to. Whoever runs it gives it one (settings, rp_id).
passkey-instead = Passkeys work at

## The way back from an identity provider

way-back-title = You are signed in
way-back-words = If this page stays, go on yourself.
way-back-go = Go on
way-back-again = Start again
way-back-over = This sign-in is over
way-back-over-words = It was completed before, took too long, or was begun in another browser. If you are signed in already, go on; otherwise start again.
way-back-signed-in-words = You are signed in in this browser already.
way-back-unknown = Not known here
way-back-unknown-words = The identity provider knows you, but nobody in this house has linked that identity. Sign in here in another way, then link it under “My account”.
way-back-role-words = The identity provider does not name the role that your account needs. Ask whoever runs this house.
way-back-denied = Not signed in
way-back-denied-words = The identity provider did not sign you in. Nothing was changed here.
way-back-trouble = The identity provider does not answer
way-back-trouble-words = Try again in a moment, or sign in in another way. Whoever runs this house finds the reason in its log.
way-back-taken = Linked to another account
way-back-taken-words = This identity opens another account of this house already. It can only be linked once.
way-back-linked = Linked
way-back-linked-words = From now on this identity signs you in here.

## Setting up a way in

enrol-title = Welcome, { $name }
enrol-refused = This invitation no longer works
enrol-refused-why = An invitation works once and for a day, and a newer one ends it. Ask whoever sent it for another.
enrol-as-admin = You will run this house.
enrol-as-clinician = You will look after people here as a clinician.
enrol-as-family = You will see how somebody in your family is doing, and act on their alerts.
enrol-as-person = You will see your own readings and decide who else does.
enrol-for = For:
enrol-again = Your way in was reset. Until you confirm it with an earlier proof, those concerned agree again, or 24 hours pass, you will not see anybody’s data.
enrol-not-you = Not you? Close this page: nothing has been used up yet.
enrol-somebody-else = You are { $you }; this is for { $them }.
enrol-by-link = signed in by a link
enrol-leave-first = Sign { $you } out and go on
enrol-not-for-you = If it was not meant for you, close this page: the invitation stays good for whom it is for.
enrol-passkey = With a passkey
enrol-passkey-why = The safest and the easiest: the fingerprint, face or PIN of this device. There is nothing to remember, and nothing that can be stolen from this house.
enrol-passkey-go = Set up a passkey
enrol-password = With a password and a code
enrol-password-why = A long password, and the code of an authenticator app on your phone.
enrol-new-password = New password
enrol-password-hint = At least 15 characters; several words are good. Any characters, no rules beyond that.
enrol-password-go = Go on
enrol-done = Done: to the house

totp-title = The code of an app
totp-why = Scan this with an authenticator app on your phone. From then on it shows a code that signs you in together with the password.
totp-qr = QR code for the authenticator app
totp-by-hand = Cannot scan it?
totp-open-app = Open in an app on this device
totp-first-code = The code that it shows now
totp-not-the-code = That is not the code that the app shows now.
totp-go = Check the code
totp-done = The app is set up.
totp-set-up = Set up an app
totp-anew = Set up another app
totp-remove = Remove it
totp-removed = The app’s codes no longer work.

recovery-title = For the day on which your phone is gone
recovery-why = { $n } recovery codes. Each works once in place of the app’s code or to confirm that it is you. They are shown only now: print them or write them down, and keep them away from your phone.
recovery-print = Print
recovery-copy = Copy
recovery-copied = Copied. Anything that reads the clipboard can read it too.
recovery-not-copied = This browser does not let pages copy.
recovery-kept = I have put these codes somewhere safe.
recovery-left =
    { $n ->
        [0] No recovery code is left. Make new ones.
        [one] { $n } recovery code is left.
       *[other] { $n } recovery codes are left.
    }
recovery-new = Make new codes
recovery-new-hint = The old ones end when new ones are made.

## One's own account

page-account = My account
account-who =
    { $role ->
        [admin] { $name }, who runs this house
        [clinician] { $name }, clinician
        [family] { $name }, family
        [service] { $name }, a program
       *[other] { $name }
    }
account-passkeys = Passkeys
account-password = Password
account-totp = Authenticator app
account-recovery = Recovery codes
account-identities = Identity providers
account-sessions = Where you are signed in
account-phones = Phones that send readings
account-notices = What happened to your account
account-no-passkeys = No passkey yet. One signs you in with the fingerprint, face or PIN of a device.
account-password-set = A password is set.
account-password-none = No password is set.
account-totp-set = An app’s code is asked for with your password.
account-totp-none = No app is set up.
account-totp-needs-password = A code stands beside a password; there is none.
account-others-end = You stay signed in here. Everywhere else you are signed out.
account-since = since { $moment }
account-used = used { $ago }
account-never-used = not used yet
account-rests = Your way in was reset
account-rests-until = Until { $moment } you see nobody’s data, unless they agree again or you confirm with a proof of before the reset. One is enough.
account-rests-open = You see nobody’s data until they agree again or you confirm with a proof of before the reset. One is enough.
account-rest-passkey = Confirm with a passkey of before
account-former-password = Password of before
account-former-code = Code of the app of before
account-former-recovery = A recovery code
account-rest-confirm = Confirm
account-rest-over = Confirmed: your account reaches its people again.
account-remove = Remove
account-really-remove = Really remove
passkey-label =
    { $device ->
        [none] Passkey
       *[other] Passkey on { $device }
    }
passkey-add = Add a passkey
passkey-added = The passkey is set up. Everywhere else you are signed out.
passkey-removed = The passkey is removed. Everywhere else you are signed out.
passkey-bound = on one device
passkey-synced = may be on several devices
passkey-old-name = Made for { $name }, so it no longer works here. Add a new one, then remove this.
passkey-copied-refused = { $moment }: a sign-in with this passkey was refused, because its counter had gone back. It may have been copied. Was it you?
passkey-copied-noted = { $moment }: this passkey signed in although its counter had gone back. That happens after restoring a backup; it may also have been copied. Was it you?
passkey-was-me = Yes, it was me
passkey-was-not-me = No: end it
passkey-was-me-done = Noted.
passkey-was-not-me-done = That passkey is removed, and everywhere else you are signed out.
passkeys-of-old-name =
    { $n ->
        [one] { $n } passkey belongs to the old name { $name }. Whoever used it sets up a new one; until then they stay signed in.
       *[other] { $n } passkeys belong to the old name { $name }. Whoever used them sets up new ones; until then they stay signed in.
    }
password-change = Change it
password-set = Set one
password-keep = Keep this password
password-changed = The password is changed. Everywhere else you are signed out.
identity-link = Link { $provider }
identity-unlink = Unlink
identity-unlinked = It no longer signs you in.
session-some-browser = A browser
session-here = the one you are using
session-end = Sign it out
session-ended = Signed out there.
phone-is-gone = This phone is gone
phone-really-gone = Really: lock it out
phone-sends = sends your readings
phone-gone-done = It can no longer get in, and gets nothing from here.
phone-gone-since = It can no longer get in, and gets nothing from here. Its last readings came { $moment }.
notice =
    { $kind ->
        [enrolled] Your way in was set up
        [password_changed] The password was changed
        [totp_set_up] An authenticator app was set up
        [totp_removed] The authenticator app was removed
        [recovery_code_used] A recovery code was used. Was the phone lost? Then set up a new passkey
        [recovery_codes_made] New recovery codes were made
        [reset_confirmed] The reset was confirmed
        [phone_gone] A phone was reported gone
        [passkey_added] A passkey was added
        [passkey_removed] A passkey was removed
        [passkey_stepped_back] A passkey signed in whose counter had gone back
        [passkey_refused] A passkey was refused because its counter had gone back
        [identity_linked] An identity provider was linked
        [identity_unlinked] An identity provider was unlinked
        [signed_in] Signed in
       *[other] Something was changed
    }
