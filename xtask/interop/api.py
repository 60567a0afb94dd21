"""The API of a portal against its own description: schemathesis makes requests up from it, right ones and wrong ones."""

import json
import pathlib
import subprocess
import sys
import urllib.parse

from portal import check, end, ready

# Programs do not approve, nor see to people: these are all that a token can be made for.
ACTIONS = "read read_audit export sync write_policy attach_policy delete_policy change_settings read_team".split()
SETTINGS = pathlib.Path(__file__).with_name("schemathesis.toml")
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
]


def main():
    portal = ready()
    fields = [("name", "schemathesis"), ("scope", "all"), ("days", "1"), *(("actions[]", action) for action in ACTIONS)]
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = portal.send("/rpc/app/server_fns/team/make_token", urllib.parse.urlencode(fields).encode(), headers)
    check("a token is made", answer.status == 200, answer.status)
    token = json.loads(answer.read())["token"]
    program = pathlib.Path(sys.executable).with_name("schemathesis")

    def tested(phases, checks):
        run = subprocess.run(
            [
                program, "--config-file", SETTINGS, "run", f"{portal.url}/api/v1/openapi.json", "--url", f"{portal.url}/api/v1",
                "--header", f"Authorization: Bearer {token}", "--checks", ",".join(checks),
                # It ends the token that all others are asked with.
                "--exclude-operation-id", "end_token",
                # Slower than the portal refuses: what is refused for its rate shows nothing.
                "--rate-limit", "9/s", "--max-examples", "12", "--phases", phases, "--seed", "7",
            ],
            check=False,
        )
        check(f"schemathesis ({phases}) finds no answer outside the description, and none of 500", run.returncode == 0, run.returncode)

    tested("examples,coverage", CHECKS)
    # Every operation was asked with wrong tokens by then. More of them from one network are answered with 429, as described.
    tested("fuzzing", [one for one in CHECKS if one != "ignored_auth"])
    end("the API")


main()
