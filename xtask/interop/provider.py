"""Signs in to a portal at oidc-provider-mock, as a browser without scripts goes there and back."""

import http.cookiejar
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

problems = []


def check(what, holds, told=""):
    if not holds:
        problems.append(f"{what}: {told}")


class Browser:
    def __init__(self, portal):
        self.portal = portal
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def open(self, address, form=None):
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self.opener.open(urllib.request.Request(address, body, {"Accept": "text/html", "Origin": self.portal}))
        except urllib.error.HTTPError as error:
            answer = error
        return answer.url, answer.read().decode()

    def sign_in(self, subject, **form):
        there, page = self.open(f"{self.portal}/auth/oidc/mock?next=/account")
        check("the provider asks who signs in", "/oauth2/authorize?" in there, there)
        return self.open(there, {"sub": subject, **form})


portal = json.load(sys.stdin)["url"]
bob = Browser(portal)
address, page = bob.sign_in("bob")
check("bob is led on", address == f"{portal}/account", address)
check("bob is shown with what his groups stand for", "bob@example.com" in page and "auditor" in page.lower(), page[:2000])
address, page = bob.open(f"{portal}/settings")
check("bob stays signed in", address == f"{portal}/settings", address)
address, page = bob.open(f"{portal}/auth/sign-out", {"x": ""})
check("signing out leads on to the provider", "/oauth2/end_session?id_token_hint=" in page, page[:500])
address, page = bob.open(f"{portal}/account")
check("bob is signed out", address.startswith(f"{portal}/sign-in"), address)
address, page = Browser(portal).sign_in("eve")
check("whose address is not verified is refused", address.endswith("problem=provider-unverified"), address)
address, page = Browser(portal).sign_in("bob", action="deny")
# This provider sends no state with a refusal, so it is taken for nobody's.
check("who gives up is not in", address.endswith("problem=provider-not-pending"), address)
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
