"""A stand-in for Hetzner's cloud API on the loopback: enough of it for the real provider to build one environment.

It keeps what it is given, refuses to delete what is protected, takes an SSH key only once, and lets a token
that begins with "read" read only: the behaviours of the true API that our files rely on.
"""

import itertools
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.providers.stand_in import Refused, StandIn

CREATED = "2026-01-01T00:00:00+00:00"
SINGULAR = {
    "servers": "server",
    "firewalls": "firewall",
    "primary_ips": "primary_ip",
    "ssh_keys": "ssh_key",
    "volumes": "volume",
}


def location(name: str) -> dict[str, Any]:
    return {"id": {"fsn1": 1, "nbg1": 2, "hel1": 3}[name], "name": name, "network_zone": "eu-central"}


class HetznerStandIn(StandIn):
    """One project at Hetzner."""

    def __init__(self) -> None:
        self.things: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in SINGULAR}
        self.records: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.user_data: dict[int, str] = {}
        self.root_passwords = 0
        self.sold_out: set[str] = set()
        self.unknown_tokens: set[str] = set()
        self.ids = itertools.count(100)

    @property
    def endpoint(self) -> str:
        """What HCLOUD_ENDPOINT takes."""
        return f"{self.address}/v1"

    def admit(self, headers: Any) -> None:
        if headers["Authorization"].removeprefix("Bearer ") in self.unknown_tokens:
            raise Refused(401, "unauthorized", "unable to authenticate")

    def may_write(self, headers: Any) -> bool:
        return not headers["Authorization"].startswith("Bearer read")

    def read_only(self) -> Refused:
        return Refused(403, "token_readonly", "token is only allowed to read")

    def error(self, refusal: Refused) -> dict[str, Any]:
        return {"error": {"code": refusal.code, "message": str(refusal)}}

    # ---- routes ----

    def handle(self, method: str, target: str, content: bytes) -> dict[str, Any]:
        body = json.loads(content or b"{}")
        url = urlsplit(target)
        path = url.path.removeprefix("/v1/").split("/")
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        match method, path:
            case "GET", ["server_types"]:
                wanted = [t for t in self.server_types() if query.get("name", t["name"]) == t["name"]]
                return self.page("server_types", wanted)
            case "GET", ["images"]:
                return self.page("images", [self.image(query.get("name", "debian-13"))])
            case "GET", ["actions"]:
                return self.page("actions", [])
            case _, ["zones", zone, "rrsets", *rest]:
                return self.rrset(method, zone, rest, body)
            case "GET", [kind] if kind in SINGULAR:
                return self.page(kind, [t for t in self.things[kind].values() if self.matches(t, query)])
            case "POST", [kind] if kind in SINGULAR:
                return self.create(kind, body)
            case _, [kind, number, *rest] if kind in SINGULAR:
                thing = self.things[kind].get(int(number))
                if thing is None:
                    raise Refused(404, "not_found", f"{SINGULAR[kind]} not found")
                return self.change(method, kind, thing, rest, body)
        raise Refused(501, "unknown", f"the stand-in does not know {method} {target}")

    def page(self, kind: str, things: list[dict[str, Any]]) -> dict[str, Any]:
        count = len(things)
        pages = {"page": 1, "per_page": 50, "previous_page": None, "next_page": None, "last_page": 1}
        return {kind: things, "meta": {"pagination": pages | {"total_entries": count}}}

    def matches(self, thing: dict[str, Any], query: dict[str, str]) -> bool:
        labels = dict(term.split("=") for term in query.get("label_selector", "").split(",") if term)
        return query.get("name", thing["name"]) == thing["name"] and labels.items() <= thing["labels"].items()

    def action(self, command: str, *, kind: str = "server", number: int = 1) -> dict[str, Any]:
        return {
            "id": next(self.ids),
            "command": command,
            "status": "success",
            "progress": 100,
            "started": CREATED,
            "finished": CREATED,
            "error": None,
            "resources": [{"id": number, "type": kind}],
        }

    # ---- what there is ----

    def server_types(self) -> list[dict[str, Any]]:
        sizes = {"cpx12": (1, 2), "cpx22": (2, 4), "cpx32": (4, 8), "ccx13": (2, 8)}
        return [
            {
                "id": 100 + number,
                "name": name,
                "cores": cores,
                "memory": memory,
                "disk": 80,
                "architecture": "x86",
                "storage_type": "local",
                "cpu_type": "shared",
                "prices": [],
                "locations": [
                    location(place) | {"available": name not in self.sold_out, "recommended": True, "deprecation": None}
                    for place in ("fsn1", "nbg1", "hel1")
                ],
            }
            for number, (name, (cores, memory)) in enumerate(sizes.items())
        ]

    def image(self, name: str) -> dict[str, Any]:
        return {
            "id": 7,
            "name": name,
            "type": "system",
            "status": "available",
            "architecture": "x86",
            "description": name,
            "os_flavor": "debian",
            "disk_size": 5,
            "created": CREATED,
            "labels": {},
            "protection": {"delete": False},
        }

    # ---- making and changing ----

    def create(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        number = next(self.ids)
        if any(thing["name"] == body["name"] for thing in self.things[kind].values()):
            raise Refused(409, "uniqueness_error", f"{SINGULAR[kind]} name is already used")
        thing = {
            "id": number,
            "name": body["name"],
            "labels": body.get("labels") or {},
            "created": CREATED,
            "protection": {"delete": False},
        } | getattr(self, f"new_{SINGULAR[kind]}")(number, body)
        self.things[kind][number] = thing
        answer: dict[str, Any] = {SINGULAR[kind]: thing, "next_actions": [], "actions": []}
        if kind not in ("firewalls", "ssh_keys"):
            answer["action"] = self.action(f"create_{SINGULAR[kind]}", number=number)
        if kind == "servers":
            answer["root_password"] = None if body.get("ssh_keys") else "mailed"
            self.root_passwords += answer["root_password"] is not None
        return answer

    def new_primary_ip(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": body["type"],
            "ip": "203.0.113.7" if body["type"] == "ipv4" else f"2001:db8:0:{number}::/64",
            "auto_delete": body.get("auto_delete", False),
            "assignee_id": None,
            "assignee_type": "server",
            "blocked": False,
            "dns_ptr": [],
            "location": location(body["location"]),
        }

    def new_firewall(self, _: int, body: dict[str, Any]) -> dict[str, Any]:
        return {"rules": self.rules(body), "applied_to": []}

    def rules(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        shape = {"source_ips": [], "destination_ips": [], "port": None, "description": None}
        return [shape | rule for rule in body.get("rules") or []]

    def new_ssh_key(self, _: int, body: dict[str, Any]) -> dict[str, Any]:
        key = " ".join(body["public_key"].split()[:2])
        if any(key in known["public_key"] for known in self.things["ssh_keys"].values()):
            raise Refused(409, "uniqueness_error", "SSH key not unique")
        return {"public_key": body["public_key"], "fingerprint": "aa:bb"}

    def new_volume(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "size": body["size"],
            "format": body.get("format"),
            "server": None,
            "status": "available",
            "linux_device": f"/dev/disk/by-id/scsi-0HC_Volume_{number}",
            "location": location(str(body["location"])),
        }

    def new_server(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        if body["server_type"] in self.sold_out:
            raise Refused(412, "resource_unavailable", "server type is not available at the moment")
        self.user_data[number] = body.get("user_data", "")
        addresses = body["public_net"]
        for version in ("ipv4", "ipv6"):
            self.things["primary_ips"][addresses[version]]["assignee_id"] = number
        ipv4, ipv6 = (self.things["primary_ips"][addresses[version]]["ip"] for version in ("ipv4", "ipv6"))
        server_type = next(t for t in self.server_types() if body["server_type"] in (t["id"], t["name"]))
        return {
            "status": "running",
            "server_type": server_type,
            "image": self.image("debian-13"),
            "location": location(body["location"]),
            "public_net": {
                "ipv4": {"id": addresses["ipv4"], "ip": ipv4, "blocked": False, "dns_ptr": ""},
                "ipv6": {"id": addresses["ipv6"], "ip": ipv6, "blocked": False, "dns_ptr": []},
                "floating_ips": [],
                "firewalls": [{"id": f["firewall"], "status": "applied"} for f in body.get("firewalls") or []],
            },
            "private_net": [],
            "volumes": [],
            "load_balancers": [],
            "protection": {"delete": False, "rebuild": False},
            "backup_window": None,
            "rescue_enabled": False,
            "locked": False,
            "primary_disk_size": 80,
        }

    def change(
        self, method: str, kind: str, thing: dict[str, Any], rest: list[str], body: dict[str, Any]
    ) -> dict[str, Any]:
        name, number = SINGULAR[kind], thing["id"]
        match method, rest:
            case "GET", []:
                return {name: thing}
            case "PUT", []:
                thing.update({key: value for key, value in body.items() if key in ("name", "labels", "auto_delete")})
                return {name: thing}
            case "DELETE", []:
                if thing["protection"]["delete"]:
                    raise Refused(423, "protected", f"{name} is protected")
                del self.things[kind][number]
                return {"action": self.action("delete", number=number)}
            case "POST", ["actions", "change_protection"]:
                thing["protection"].update(body)
            case "POST", ["actions", "set_rules"]:
                thing["rules"] = self.rules(body)
                return {"actions": [self.action("set_rules", number=number)]}
            case "POST", ["actions", "remove_from_resources"]:
                return {"actions": [self.action("remove", number=number)]}
            case "POST", ["actions", "attach"]:
                thing["server"] = body["server"]
                self.things["servers"][body["server"]]["volumes"].append(number)
            case "POST", ["actions", "detach"]:
                thing["server"] = None
            case "POST", ["actions", "unassign"]:
                thing["assignee_id"] = None
            case "POST", ["actions", "shutdown" | "poweroff"]:
                thing["status"] = "off"
            case "POST", ["actions", "poweron"]:
                thing["status"] = "running"
            case "POST", ["actions", "change_type"]:
                types = self.server_types()
                thing["server_type"] = next(t for t in types if body["server_type"] in (t["id"], t["name"]))
            case "POST", ["actions", "enable_backup"]:
                thing["backup_window"] = "22-02"
            case _:
                raise Refused(501, "unknown", f"the stand-in does not know {method} {kind} {rest}")
        return {"action": self.action(re.sub("s$", "", kind), number=number)}

    def rrset(self, method: str, zone: str, rest: list[str], body: dict[str, Any]) -> dict[str, Any]:
        if method == "POST" and not rest:
            key = (zone, body["name"], body["type"])
            shape = {"id": f"{body['name']}/{body['type']}", "zone": 5, "protection": {"change": False}}
            self.records[key] = shape | {"ttl": None, "labels": {}} | body
            return {"rrset": self.records[key], "action": self.action("create_rrset", kind="zone")}
        key = (zone, rest[0], rest[1])
        if key not in self.records:
            raise Refused(404, "not_found", "rrset not found")
        if method == "DELETE":
            del self.records[key]
            return {"action": self.action("delete_rrset", kind="zone")}
        if rest[2:] == ["actions", "set_records"]:
            self.records[key]["records"] = body["records"]
            return {"action": self.action("set_records", kind="zone")}
        return {"rrset": self.records[key]}
