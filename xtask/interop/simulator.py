"""Drives every operation of the simulator with boto3 and the aws command line, and holds every answer against the
service models that botocore ships.

usage: simulator.py ENDPOINT

The operations come from the simulator itself, so that one without a case here fails. botocore's parser forgives a lot;
what is checked is therefore the body as it went over the wire: required members, types, enums, patterns, lengths and
ranges, and that no member is unknown. Of every operation at least one call with bad input has to be refused with an
error that the model names for this operation, with its HTTP status.
"""

import datetime
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3
import regex
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

import simulator_cases

REGION = "eu-west-1"
# AWS names these types with spaces in its documentation, as filters and in answers, although its model's pattern for
# types has none; it does not hold its own answers against the pattern.
TYPES_WITH_SPACES = {"SAP HANA on Amazon EC2", "Storage Gateway"}
# What every operation of a service may answer to bad input, beside the errors that its model names.
COMMON_ERRORS = {"sts": "ValidationError", "iam": "ValidationError", "ec2": "InvalidParameterValue"}
# What AWS's SDKs call a service whose actions IAM names otherwise.
CLIENTS = {"tag": "resourcegroupstaggingapi"}
# Operations that take no input and whose model names no error at all.
CANNOT_FAIL = {"sts:GetCallerIdentity"}
# Texts that nobody means but anybody may send.
ODD_TEXTS = ["*", "x" * 3000, "Größe/日本 🗄", "%2F..%00"]
# The status that services give to an operation they do not know.
UNKNOWN = {"organizations": ("UnknownOperationException", 400), "backup": ("UnknownOperationException", 404)}


class Models:
    """The constraints of shapes, held against JSON as it was sent."""

    def violations(self, shape, value, path):
        check = getattr(self, f"_{shape.type_name}", None)
        if value is None:
            yield f"{path} is null"
        elif check:
            yield from check(shape, value, path)

    def _structure(self, shape, value, path):
        if not isinstance(value, dict):
            yield f"{path} is not an object"
            return
        known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for name in shape.required_members:
            if shape.members[name].serialization.get("name", name) not in value:
                yield f"{path}.{name} is required and missing"
        for name, member in value.items():
            if name not in known:
                yield f"{path}.{name} is not in the model"
            else:
                yield from self.violations(known[name], member, f"{path}.{name}")

    def _list(self, shape, value, path):
        if not isinstance(value, list):
            yield f"{path} is not a list"
            return
        yield from self._range(shape, len(value), path)
        for index, entry in enumerate(value):
            yield from self.violations(shape.member, entry, f"{path}[{index}]")

    def _map(self, shape, value, path):
        if not isinstance(value, dict):
            yield f"{path} is not a map"
            return
        for key, entry in value.items():
            yield from self.violations(shape.key, key, f"{path} key")
            yield from self.violations(shape.value, entry, f"{path}.{key}")

    def _string(self, shape, value, path):
        if not isinstance(value, str):
            yield f"{path} is not a string: {value!r}"
            return
        yield from self._range(shape, len(value), path)
        # AWS writes the member behind the rule that it breaks: `INVALID_ENUM:POLICY_TYPE`.
        word = value.split(":")[0] if shape.name == "InvalidInputExceptionReason" else value
        if shape.enum and word not in shape.enum:
            yield f"{path} is none of the enum: {value!r}"
        pattern = shape.metadata.get("pattern")
        if pattern and not regex.fullmatch(pattern, value):
            if not (shape.name == "ResourceType" and value in TYPES_WITH_SPACES):
                yield f"{path} does not match {pattern}: {value!r}"

    def _integer(self, shape, value, path):
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{path} is not a whole number: {value!r}"
        else:
            yield from self._range(shape, value, path)

    _long = _integer

    def _double(self, shape, value, path):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{path} is not a number: {value!r}"

    _timestamp = _float = _double

    def _boolean(self, shape, value, path):
        if not isinstance(value, bool):
            yield f"{path} is not a boolean: {value!r}"

    def _range(self, shape, size, path):
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if (least is not None and size < least) or (most is not None and size > most):
            yield f"{path} has {size}, the model allows {least} to {most}"


class Driver:
    """Calls operations, validates what comes back, and keeps count."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.clients = {}
        self.raw = None
        self.answered, self.refused, self.replays, self.first = {}, {}, {}, {}
        self.valid, self.modelled, self.oddities_sent, self.failures = 0, 0, 0, []

    # What people and scripts do to the simulator itself.

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.endpoint}/_control{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def client(self, service, account=None, region=REGION, strict=True):
        key = (service, account, region, strict)
        if key not in self.clients:
            config = Config(parameter_validation=strict, retries={"total_max_attempts": 1}, read_timeout=300)
            self.clients[key] = boto3.client(
                CLIENTS.get(service, service),
                endpoint_url=self.endpoint,
                region_name=region,
                aws_access_key_id=f"AKIA{account or 'INTEROP'}",
                aws_secret_access_key="interop",
                config=config,
            )
            self.clients[key].meta.events.register("before-parse.*.*", self.keep)
        return self.clients[key]

    def keep(self, response_dict, **_):
        self.raw = response_dict

    def fail(self, what):
        self.failures.append(what)
        print(f"FAILED  {what}")

    def model(self, service, operation):
        return self.client(service).meta.service_model.operation_model(operation)

    # Calls that have to succeed.

    def good(self, action, account=None, region=REGION, **given):
        service, operation = action.split(":")
        client = self.client(service, account, region)
        try:
            answer = getattr(client, xform_name(operation))(**given)
        except Exception as error:
            self.fail(f"{action} {given}: {error}")
            raise
        self.answered[action] = self.answered.get(action, 0) + 1
        self.first.setdefault(action, (account, region, given))
        if operation.startswith(("List", "Describe", "Get")):
            self.replays.setdefault(action, (account, region, given))
        shape = self.model(service, operation).output_shape
        self.validate(action, shape, answer if self.is_xml(service) else self.body(), given)
        return answer

    def pages(self, action, member, **given):
        """All entries of a listing; every page is validated."""
        found = []
        while True:
            page = self.good(action, **given)
            found += page[member]
            if "NextToken" not in page:
                return found
            given["NextToken"] = page["NextToken"]

    def is_xml(self, service):
        return self.client(service).meta.service_model.metadata["protocol"] in ("query", "ec2")

    def body(self):
        return json.loads(self.raw["body"] or b"{}")

    def validate(self, action, shape, body, given):
        if shape is None:
            body = {name: value for name, value in body.items() if name != "ResponseMetadata"}
            wrong = [f"an answer where the model has none: {body}"] if body else []
        elif self.is_xml(action.split(":")[0]):
            # The parser made Python values of the XML; what is required can still be missing.
            wrong = [f"{name} is required and missing" for name in shape.required_members if name not in body]
        else:
            wrong = list(Models().violations(shape, body, "answer"))
        if wrong:
            self.fail(f"{action} {given}: {'; '.join(wrong[:5])}")
        else:
            self.valid += 1

    # Calls that have to be refused.

    def bad(self, action, error, account=None, region=REGION, **given):
        service, operation = action.split(":")
        client = self.client(service, account, region, strict=False)
        try:
            answer = getattr(client, xform_name(operation))(**given)
        except ClientError as refused:
            self.check_error(action, error, refused, given)
        else:
            self.fail(f"{action} {given}: not refused but answered with {str(answer)[:300]}")

    def spoil(self):
        """Each operation's first good call again, broken in every way that its model tells."""
        for action, (account, region, given) in list(self.first.items()):
            service, operation = action.split(":")
            shape = self.model(service, operation).input_shape
            for name, member in shape.members.items() if shape else []:
                # Of STS and IAM the simulator has only what clients need: members that it ignores cannot be wrong.
                limits = self.limits(member) if service in UNKNOWN else []
                for change in [*self.breaches(shape, name, member), *limits]:
                    broken = {key: value for key, value in {**given, name: change}.items() if value is not None}
                    self.bad(action, None, account, region, **broken)

    @staticmethod
    def breaches(shape, name, member):
        """Values that a member must not have; None stands for its absence."""
        if name in shape.required_members and member.serialization.get("location") != "uri":
            yield None
        if member.type_name == "string" and member.enum:
            yield "NO_SUCH_VALUE"
        if name == "NextToken":
            yield "nonsense"
        if name == "MaxResults":
            yield from (0, member.metadata.get("max", 1000) + 1)

    def odd(self):
        """Each operation's first good call again with odd values in every member: answered as the model says, or refused
        as the client's mistake."""
        for action, (account, region, given) in list(self.first.items()):
            service, operation = action.split(":")
            shape = self.model(service, operation).input_shape
            for name, member in shape.members.items() if shape else []:
                for value in self.oddities(member):
                    self.oddities_sent += 1
                    self.attempt(action, account, region, **{**given, name: value})

    @staticmethod
    def oddities(member):
        # An empty part of a path makes it the path of a listing.
        empty = [""] if member.serialization.get("location") != "uri" else []
        texts = [*empty, *ODD_TEXTS] if member.type_name == "string" and not member.enum else []
        times = [datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)]
        by_type = {"integer": [1, 2**31], "long": [1, 2**63 - 1], "list": [[]], "map": [{}], "structure": [{}], "timestamp": times}
        return [*texts, *by_type.get(member.type_name, []), *([7] if member.type_name == "structure" else [])]

    def attempt(self, action, account, region, **given):
        service, operation = action.split(":")
        client = self.client(service, account, region, strict=False)
        try:
            answer = getattr(client, xform_name(operation))(**given)
        except ClientError as refused:
            status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
            if not 400 <= status < 500 or not refused.response["Error"]["Code"]:
                self.fail(f"{action} {given}: {refused} with HTTP {status}")
        except (AttributeError, TypeError, ValueError, ParamValidationError):
            pass  # botocore itself does not send it.
        except Exception as error:
            self.fail(f"{action} {given}: {error!r}")
        else:
            shape = self.model(service, operation).output_shape
            self.validate(action, shape, answer if self.is_xml(service) else self.body(), given)

    # What no SDK would send.

    def raw_requests(self):
        """Requests with the wrong method, target, type or body are refused as the client's mistake."""
        target = {"X-Amz-Target": "AWSOrganizationsV20161128.ListRoots"}
        cases = [
            ("POST", "/", {"X-Amz-Target": "AWSOrganizationsV20200101.ListRoots"}, b"{}"),
            ("POST", "/", {"X-Amz-Target": "ListRoots"}, b"{}"),
            ("POST", "/", {}, b"{}"),
            ("POST", "/", target, b"["),
            ("POST", "/", target, b"[]"),
            ("POST", "/", target, b"\xff"),
            ("POST", "/", target, b'{"MaxResults": "1"}'),
            ("POST", "/", target, b'{"MaxResults": 1.5}'),
            ("PUT", "/global-settings", {}, b"null"),
            ("PUT", "/global-settings", {}, b'{"GlobalSettings": []}'),
            ("PATCH", "/backup-jobs", {}, b""),
            ("GET", "/backup-jobs?maxResults=1e3", {}, b""),
            ("GET", "/backup-jobs?createdAfter=2026-13-01T00:00:00Z", {}, b""),
            ("GET", "/backup-jobs/%00", {}, b""),
            ("GET", "/%2e%2e/", {}, b""),
        ]
        for method, path, headers, body in cases:
            request = urllib.request.Request(self.endpoint + path, body or None, headers, method=method)
            try:
                status = urllib.request.urlopen(request).status
            except urllib.error.HTTPError as refused:
                status = refused.status
            if not 400 <= status < 500:
                self.fail(f"{method} {path} {headers} {body!r}: HTTP {status}")
        self.oddities_sent += len(cases)

    @staticmethod
    def limits(member):
        """Texts that are too long, too short or of the wrong form."""
        if member.type_name != "string" or member.enum:
            return
        least, most = member.metadata.get("min", 0), member.metadata.get("max")
        if most:
            yield "x" * (most + 1)
        if least and member.serialization.get("location") != "uri":
            yield ""
        if member.metadata.get("pattern") and not regex.fullmatch(member.metadata["pattern"], "\n"):
            yield "\n"

    def check_error(self, action, expected, refused, given):
        service, operation = action.split(":")
        code = refused.response["Error"]["Code"]
        status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
        shapes = {self.code(shape): shape for shape in self.model(service, operation).error_shapes}
        what = f"{action} {given}: {code} with HTTP {status}"
        if expected and code != expected:
            self.fail(f"{what}, expected {expected}")
        elif COMMON_ERRORS.get(service) == code:
            self.count_error(action)
        elif code not in shapes:
            self.fail(f"{what}, the model knows {sorted(shapes)}")
        elif status != (modelled := self.status(service, shapes[code])):
            self.fail(f"{what}, the model says {modelled}")
        else:
            wrong = self.error_violations(service, shapes[code])
            self.fail(f"{what}: {'; '.join(wrong)}") if wrong else self.count_error(action)

    def count_error(self, action):
        self.modelled += 1
        self.refused[action] = self.refused.get(action, 0) + 1

    def error_violations(self, service, shape):
        if self.is_xml(service):
            return []
        body = {name: value for name, value in self.body().items() if name != "__type"}
        return list(Models().violations(shape, body, "error"))

    @staticmethod
    def code(shape):
        return shape.metadata.get("error", {}).get("code", shape.name)

    def status(self, service, shape):
        loader = boto3.session.Session()._session.get_component("data_loader")
        raw = loader.load_service_model(CLIENTS.get(service, service), "service-2")["shapes"][shape.name]
        return raw.get("error", {}).get("httpStatusCode") or (500 if raw.get("fault") else 400)

    # The command line.

    def command(self, action, account=None, region=REGION, **given):
        """The same through `aws`, whose answer is validated too."""
        service, operation = action.split(":")
        arguments = ["--endpoint-url", self.endpoint, "--region", region, "--output", "json", "--no-paginate"]
        words = [CLIENTS.get(service, service), xform_name(operation, "-"), "--cli-input-json", json.dumps(given, default=str)]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "AWS_ACCESS_KEY_ID": f"AKIA{account or 'INTEROP'}",
            "AWS_SECRET_ACCESS_KEY": "interop",
            "AWS_MAX_ATTEMPTS": "1",
        }
        aws = os.path.join(os.path.dirname(sys.executable), "aws")
        done = subprocess.run([aws, *arguments, *words], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            return self.fail(f"aws {' '.join(words)}: {done.stderr.strip()}")
        answer = json.loads(done.stdout or "{}")
        self.validate(action, self.model(service, operation).output_shape, answer, f"by aws {given}")
        return answer

    def replay(self):
        """Every read so far once more, by the command line."""
        with ThreadPoolExecutor(4) as pool:
            calls = [
                pool.submit(self.command, action, account, region, **given)
                for action, (account, region, given) in self.replays.items()
            ]
            for call in calls:
                call.result()
        self.replays = {}

    # What the simulator does not know.

    def unknown(self, known):
        """Every operation of the two services that the simulator lacks is answered as one that AWS does not know."""
        count = 0
        for service, expected in UNKNOWN.items():
            client = self.client(service, strict=False)
            for operation in client.meta.service_model.operation_names:
                if f"{service}:{operation}" in known:
                    continue
                count += 1
                try:
                    getattr(client, xform_name(operation))(**self.dummy(service, operation))
                    self.fail(f"{service}:{operation} is answered but not listed")
                except ClientError as refused:
                    status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
                    seen = (refused.response["Error"]["Code"], status)
                    if seen != expected:
                        self.fail(f"{service}:{operation} is unknown but answered with {seen}")
        return count

    def dummy(self, service, operation):
        """Whatever a request needs to be sent at all."""
        shape = self.model(service, operation).input_shape
        values = {"string": "interop", "integer": 1, "long": 1, "boolean": True, "timestamp": datetime.datetime.now()}
        members = shape.members.items() if shape else []
        return {
            name: values.get(member.type_name, [] if member.type_name == "list" else {})
            for name, member in members
            if name in shape.required_members
        }


def main(endpoint):
    driver = Driver(endpoint)
    known = set(driver.control("GET", "/operations"))
    simulator_cases.walk(driver)
    unknown = driver.unknown(known)
    for action in sorted(known - driver.answered.keys()):
        driver.fail(f"{action} has no case that is answered")
    for action in sorted(known - driver.refused.keys() - CANNOT_FAIL):
        driver.fail(f"{action} has no case that is refused")
    print(
        f"{len(known)} operations, {driver.valid} answers valid, {driver.modelled} errors as modelled, "
        f"{unknown} unknown operations refused, {driver.oddities_sent} odd requests survived, {len(driver.failures)} failed"
    )
    sys.exit(1 if driver.failures else 0)


main(sys.argv[1])
