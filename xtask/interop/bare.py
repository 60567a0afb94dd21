"""The portal on endpoints that lack nearly everything: no page may tell a zero of what was never read.

usage: bare.py serve PORT                 a web server that answers every request with 200 and HTML, and is no AWS
       bare.py build ENDPOINT             makes an organization through the endpoint's API
       bare.py verify NAME UNREAD...      reads {"url", "email", "password"} of a portal from standard input and looks at
                                          every page; UNREAD is what cannot be read at the endpoint
"""

import http.server
import re
import sys
import urllib.parse

from portal import check, client, end, ready, text_of

# Words that claim to know that there is none, by what has to be read to know it.
CLAIMS = {
    "organization": [r"\b0 accounts\b", r"\b0 OUs\b", r"\bno accounts\b"],
    "policies": [r"Policies \(0\)", r"No backup policies yet", r"Create the first policy", r"\b0 policies\b", r"\b0 attachments\b"],
    "jobs": [r"Jobs \(0\)", r"No jobs match", r"\b0 jobs\b", r"\b0 of \d+ jobs\b", r"\b0 failed\b", r"No jobs\b(?! yet)"],
    "delegates": [r"\b0 of \d+ registered\b", r"No delegated administrator"],
    "invalid": [r"No accounts or OUs match the filter", r"every account has a valid"],
}
# On lists with a filter of what was not read, these claim the same.
FILTERED = [r"No matches", r"\b0 matches\b"]
ROOTS = [
    "/",
    "/organization",
    "/organization?only=outdated",
    "/policies",
    "/jobs",
    "/jobs?state=failed",
    "/jobs?kind=copy",
    "/jobs?kind=restore",
    "/settings",
    "/changes",
]
# What Holdfast knows by itself, and what does something.
OWN = ("/audit", "/auth", "/sign", "/account", "/team", "/api", "/pkg", "/health", "/rpc")
MOST_PAGES = 80


class Html(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"<html><head><title>Welcome</title></head><body>It works!</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


def serve(port):
    http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Html).serve_forever()


def build(endpoint):
    organizations = client("organizations", endpoint)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    production = organizations.create_organizational_unit(ParentId=root, Name="Production")["OrganizationalUnit"]["Id"]
    for name in ["payments", "shop"]:
        status = organizations.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
        organizations.move_account(AccountId=status["AccountId"], SourceParentId=root, DestinationParentId=production)


def links(page):
    """Pages of the portal that a page leads to."""
    for link in re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', page):
        link = link.replace("&amp;", "&")
        if not link.startswith(OWN) and "export" not in link:
            yield link


def false_zeros(path, text, unread):
    claims = [claim for what in unread for claim in CLAIMS[what]]
    about_jobs = path.startswith("/jobs") and "jobs" in unread
    about_accounts = path.startswith("/organization?") and "invalid" in unread and "outdated" in path
    if about_jobs or about_accounts:
        claims += FILTERED
    for claim in claims:
        if found := re.search(claim, text, re.IGNORECASE):
            yield f"“{found.group()}” in “…{text[max(0, found.start() - 40) : found.end() + 40]}…”"


def verify(name, unread):
    portal = ready()
    rest, seen, zeros = list(ROOTS), set(), 0
    while rest and len(seen) < MOST_PAGES:
        path = rest.pop(0)
        # Of pages that differ by what was asked of them only, a few are enough.
        if path in seen or sum(other.split("?")[0] == path.split("?")[0] for other in seen) >= 8:
            continue
        seen.add(path)
        status, page = portal.page(path)
        text = text_of(page)
        if status != 404:
            check(f"{path} is shown", status == 200 and "went wrong" not in text, f"{status} {text}")
        found = list(false_zeros(path, text, unread))
        zeros += len(found)
        if found:
            check(f"{path} tells no zero of what was not read", False, " | ".join(found))
        rest += links(page)
    claims = sum(len(CLAIMS[what]) for what in unread) + len(FILTERED)
    end(f"{name}: {len(seen)} pages, {claims} claims of zero looked for, {zeros} found")


if sys.argv[1] == "verify":
    verify(sys.argv[2], sys.argv[3:])
else:
    {"serve": serve, "build": build}[sys.argv[1]](sys.argv[2])
