### What pages say that need no script: doors, dead ends, a house without people, how a phone comes to trust it.

## A house without people

empty-title = Nobody is here yet
empty-lede = Add the first person, then give their phone a token. Both work while the server runs, and this page shows the person as soon as they exist.
empty-add = Add a person
empty-token = Mint a token for their phone
empty-token-once = It is shown once. Only its hash is kept.
empty-send = Send the first reading
empty-learning = The first { $days } days are for learning what is usual. Absolute safety limits act from the first reading.

## Doors and dead ends

missing-title = Not here
missing-why = There is no such person or alert, or it has not been shared with you.
broken-title = Something is wrong in the house
broken-why = The page could not be put together: { $explanation }.
broken-then = Readings that were acknowledged are kept. Try again in a moment; if it stays like this, the person who runs the server finds the reason under { $health }.
broken-kind =
    { $kind ->
        [storage-full] the disk is full
        [storage-busy] another program holds a file, or it cannot be reached
        [corrupt-storage] a file is damaged
       *[other] a part of the house stands still
    }
broken-health = health
error-back = Back to everybody
sign-in-ask = Sign in
sign-in-confirm = One more step
sign-in-refused = This link no longer works
sign-in-signed-out = Signed out
sign-in-confirm-why = Press the button to sign in on this device. The link works once; after this it is spent.
sign-in-do = Sign in
sign-in-not-you = Not you who asked for it? Close this page: nothing has happened yet.
sign-in-refused-why = A sign-in link works once and for a short time. This one was used already, has run out, or was cut off on its way.
sign-in-signed-out-why = This device no longer has access.
sign-in-how = How to get a link
sign-in-how-words = Ask whoever runs this server, or make one there yourself:
sign-in-how-hint = Open the link on the device you want to use. Nobody else can use it after you.

## How a phone comes to trust this home

trust-title = Trust your healthtwin
trust-head = Let this phone trust your healthtwin
trust-why = A phone measures only on pages that it trusts. Install the certificate of your home once; it is good for this home's own addresses and for no other site.
trust-compare = Before you install it, compare this fingerprint (SHA-256) with the one in the terminal of the computer that runs healthtwin. If they differ, stop: somebody else answers here.
trust-certificate = Download the certificate
trust-android-1 = Tap “Download the certificate”.
trust-android-2 = Open Settings and search for “CA certificate” (mostly Security & privacy → More → Encryption & credentials → Install a certificate → CA certificate).
trust-android-3 = Confirm “Install anyway”, enter the screen lock, and choose healthtwin-ca.crt under Downloads.
trust-android-4 = Come back here and open healthtwin in Chrome; in its menu choose “Add to Home screen”.
trust-profile = Download the profile
trust-iphone-1 = Open this page in Safari and tap “Download the profile”; allow it.
trust-iphone-2 = Open Settings → Profile Downloaded (or General → VPN & Device Management) and tap Install.
trust-iphone-3 = Open Settings → General → About → Certificate Trust Settings and switch it on for this home.
trust-iphone-4 = Come back here and open healthtwin; tap Share, then “Add to Home Screen”.
trust-then = Then open healthtwin
trust-undo = To take it back: remove the certificate (Android: Trusted credentials → User) or the profile (iPhone: VPN & Device Management).

house-only-title = You run this house
house-only-lede = Nobody's health data came with this sign-in: whoever looks after the house need not see who lives in it. To see people who want that, make a sign-in that names them.
