"""A portal as a program sees it, and counting what holds."""

import html
import http.cookiejar
import json
import re
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import boto3


def client(service, endpoint, region="us-east-1"):
    return boto3.client(
        service, endpoint_url=endpoint, region_name=region, aws_access_key_id="interop", aws_secret_access_key="interop"
    )


def ready():
    """A portal by the line that it prints when it is ready, from standard input."""
    told = json.load(sys.stdin)
    return Portal(told["url"], told["email"], told["password"])


def text_of(page):
    """What a person reads of a page; menus that are closed and what only a screen reader hears are part of it."""
    page = re.sub(r"(?s)<(script|style|template)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"(?s)<!--.*?-->|<[^>]*>", " ", page)))


class Portal:
    """A browser without scripts: cookies, forms and server functions."""

    def __init__(self, url, email, password):
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies)
        answer = self.send("/auth/sign-in", urllib.parse.urlencode({"email": email, "password": password}).encode(), {})
        check("signing in works", "/sign-in" not in answer.url, answer.url)

    def send(self, path, body, headers):
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url, **headers})
        try:
            return self.browser.open(request)
        except urllib.error.HTTPError as error:
            return error

    def page(self, path):
        answer = self.send(path, None, {"Accept": "text/html"})
        return answer.status, answer.read().decode()

    def call(self, function, **arguments):
        """A server function that takes JSON."""
        answer = self.send(f"/rpc/app/server_fns/{function}", json.dumps(arguments).encode(), {"Content-Type": "application/json"})
        return answer.status, json.loads(answer.read())

    def post(self, function, **fields):
        """A server function that takes a form."""
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        answer = self.send(f"/rpc/app/server_fns/{function}", body, {"Accept": "application/json"})
        return answer.status, json.loads(answer.read())


passed, failed = 0, 0


def check(what, holds, seen=""):
    global passed, failed
    if holds:
        passed += 1
        print(f"ok      {what}")
    else:
        failed += 1
        print(f"FAILED  {what}: {str(seen)[:600]}")


def end(what):
    """Prints the figures of a run and ends it."""
    print(f"{what}: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
