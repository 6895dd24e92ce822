"""A stand-in for Scaleway's API on the loopback: enough of it for the real provider to build one environment.

It keeps what it is given, refuses to delete a protected server, gives user data back to everybody who may read
servers, and lets a key whose name begins with "SCWREAD" read only: the behaviours of the true API that our files rely
on. The shapes of its answers are those of the recordings that the provider's own tests play back.
"""

import json
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.providers.scaleway_database_stand_in import Databases
from tests.providers.stand_in import Refused, StandIn

PROJECT = "11111111-2222-4333-8444-555555555555"
NOW = "2026-01-01T00:00:00.000000+00:00"
SERVER_TYPES = {"DEV1-M": (3, 4), "DEV1-L": (4, 8), "PLAY2-NANO": (2, 8)}
"""Cores and memory in GiB of the types that it sells."""


class ScalewayStandIn(StandIn):
    """One project at Scaleway; `environment` is what the provider needs to find it."""

    def __init__(self) -> None:
        self.servers: dict[str, dict[str, Any]] = {}
        self.addresses: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.rules: dict[str, list[dict[str, Any]]] = {}
        self.volumes: dict[str, dict[str, Any]] = {}
        self.user_data: dict[str, dict[str, bytes]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.sold_out: set[str] = set()
        self.databases = Databases(PROJECT)

    @property
    def environment(self) -> dict[str, str]:
        """What a pipeline that may write has in its environment."""
        return {
            "SCW_API_URL": self.address,
            "SCW_ACCESS_KEY": "SCWWRITEXXXXXXXXXXXX",
            "SCW_SECRET_KEY": "00000000-0000-4000-8000-000000000001",
            "SCW_DEFAULT_PROJECT_ID": PROJECT,
        }

    @property
    def reader(self) -> dict[str, str]:
        """The same for one that may only read."""
        return {"SCW_ACCESS_KEY": "SCWREADXXXXXXXXXXXXX", "SCW_SECRET_KEY": "00000000-0000-4000-8000-000000000002"}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left that costs money."""
        kept = (self.servers, self.addresses, self.groups, self.volumes, self.records)
        return not any(kept) and self.databases.is_empty

    def may_write(self, headers: Any) -> bool:
        return headers["X-Auth-Token"] == self.environment["SCW_SECRET_KEY"]

    def read_only(self) -> Refused:
        return Refused(403, "permissions_denied", "insufficient permissions")

    def error(self, refusal: Refused) -> dict[str, Any]:
        if refusal.code == "permissions_denied":
            details = [{"resource": "instance", "action": "write"}]
            return {"type": refusal.code, "message": str(refusal), "details": details}
        return {"type": refusal.code, "message": str(refusal), "resource": str(refusal).split()[0], "resource_id": ""}

    # ---- routes ----

    def handle(self, method: str, target: str, content: bytes) -> Any:
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        product, _, place, *path = [part for part in url.path.split("/") if part]
        if product == "domain":
            return self.dns(method, path, json.loads(content or b"{}"), query)
        if product == "marketplace":
            return self.images(query)
        if product == "product-catalog":
            return self.catalogue(query["api_ids"])
        if place == "regions":
            region, *rest = path
            return self.databases.handle(method, product, region, rest, json.loads(content or b"{}"))
        assert place == "zones", target
        zone, kind, *rest = path
        if kind == "private-network-interfaces":
            return self.databases.interface(method, zone, rest, json.loads(content or b"{}"), query)
        if kind == "products":
            return self.products(rest)
        if len(rest) == 3 and rest[1] == "user_data":
            return self.one_user_data(method, rest[0], rest[2], content)
        body = json.loads(content or b"{}")
        match product, kind:
            case "instance", "ips":
                return self.ip(method, zone, rest, body)
            case "instance", "security_groups":
                return self.security_group(method, zone, rest, body)
            case "instance", "servers":
                return self.server_(method, zone, rest, body, query)
            case "instance", "volumes":
                raise Refused(404, "not_found", "instance_volume not found")
            case "block", "volumes":
                return self.volume(method, zone, rest, body)
        raise Refused(501, "unknown", f"the stand-in does not know {method} {target}")

    # ---- what is on sale ----

    def products(self, rest: list[str]) -> dict[str, Any]:
        if rest == ["servers", "availability"]:
            return {
                "servers": {
                    name: {"availability": "shortage" if name in self.sold_out else "available"}
                    for name in SERVER_TYPES
                }
            }
        return {
            "servers": {
                name: {
                    "alt_names": [], "arch": "x86_64", "ncpus": cores, "ram": memory * 2**30, "gpu": 0,
                    "volumes_constraint": {"min_size": 0, "max_size": 0},
                    "per_volume_constraint": {"l_ssd": {"min_size": 0, "max_size": 0}},
                    "scratch_storage_max_size": 0, "monthly_price": 14.7, "hourly_price": 0.02,
                    "capabilities": {"boot_types": ["local"], "placement_groups": True, "block_storage": True,
                                     "private_network": 8, "max_file_systems": 0},
                    "network": {"ipv6_support": True, "sum_internal_bandwidth": 1, "sum_internet_bandwidth": 1,
                                "interfaces": []},
                    "block_bandwidth": 1, "end_of_service": False,
                }
                for name, (cores, memory) in SERVER_TYPES.items()
            }
        }  # fmt: skip

    def catalogue(self, name: str) -> dict[str, Any]:
        price = {"retail_price": {"currency_code": "EUR", "units": 0, "nanos": 20196000}}
        return {"products": [{"sku": name, "product": name, "price": price}], "total_count": 1}

    def images(self, query: dict[str, str]) -> dict[str, Any]:
        image = {
            "id": "66678a7e-0000-4000-8000-294c9644bcd9", "arch": "x86_64", "zone": query["zone"],
            "compatible_commercial_types": list(SERVER_TYPES), "label": query["image_label"], "type": query["type"],
        }  # fmt: skip
        return {"local_images": [image], "total_count": 1}

    # ---- addresses ----

    def ip(self, method: str, zone: str, rest: list[str], body: dict[str, Any]) -> Any:
        if method == "POST":
            identity = str(uuid.uuid4())
            four = body["type"] == "routed_ipv4"
            self.addresses[identity] = {
                "id": identity, "address": "203.0.113.7" if four else None,
                "prefix": None if four else "2001:db8:711:4014::/64", "reverse": None, "server": None,
                "organization": PROJECT, "project": PROJECT, "zone": zone, "type": body["type"], "state": "detached",
                "tags": body.get("tags", []), "ipam_id": identity,
            }  # fmt: skip
            return {"ip": self.addresses[identity]}
        address = self._get(self.addresses, rest[0], "ip")
        if method == "DELETE":
            del self.addresses[rest[0]]
        elif method == "PATCH":
            address |= {name: value for name, value in body.items() if name in ("tags", "reverse")}
        return {"ip": address}

    # ---- the firewall ----

    def security_group(self, method: str, zone: str, rest: list[str], body: dict[str, Any]) -> Any:
        if method == "POST":
            identity = str(uuid.uuid4())
            self.groups[identity] = {
                "id": identity, "description": None, "creation_date": NOW, "modification_date": NOW, "servers": [],
                "organization": PROJECT, "organization_default": False, "project_default": False, "state": "available",
                "tags": [], "zone": zone,
            } | body  # fmt: skip
            self.rules[identity] = []
            return {"security_group": self.groups[identity]}
        group = self._get(self.groups, rest[0], "security_group")
        if rest[1:] == ["rules"]:
            if method == "PUT":
                self.rules[rest[0]] = [
                    rule | {"id": str(uuid.uuid4()), "position": place, "editable": True, "dest_ip_range": None}
                    for place, rule in enumerate(body["rules"], 1)
                ]
            return {"rules": self.rules[rest[0]], "total_count": len(self.rules[rest[0]])}
        if method == "DELETE":
            del self.groups[rest[0]]
        elif method == "PATCH":
            group |= body
        return {"security_group": group}

    # ---- servers ----

    def server_(self, method: str, zone: str, rest: list[str], body: dict[str, Any], query: dict[str, str]) -> Any:
        if not rest and method == "GET":
            tags = set(filter(None, query.get("tags", "").split(",")))
            found = [s for s in self.servers.values() if query.get("name", "") in s["name"] and tags <= set(s["tags"])]
            return {"servers": found, "total_count": len(found)}
        if not rest:
            return {"server": self._new_server(zone, body)}
        server = self._get(self.servers, rest[0], "instance_server")
        match method, rest[1:]:
            case "GET", ["user_data"]:
                return {"user_data": list(self.user_data[rest[0]])}
            case "GET", ["private_nics"]:
                return {"private_nics": []}
            case "POST", ["action"]:
                return self._act(server, body["action"])
            case "PATCH", []:
                server |= {name: body[name] for name in ("name", "tags", "protected") if name in body}
                if "commercial_type" in body:
                    server["commercial_type"] = body["commercial_type"]
            case "DELETE", []:
                self._remove(server)
        return {"server": server}

    def _new_server(self, zone: str, body: dict[str, Any]) -> dict[str, Any]:
        if body["commercial_type"] in self.sold_out:
            raise Refused(412, "out_of_stock", f"{body['commercial_type']} is out of stock")
        identity, root = str(uuid.uuid4()), str(uuid.uuid4())
        size = body["volumes"]["0"].get("size", 10_000_000_000)
        self.volumes[root] = self._volume(root, zone, f"{body['name']}-root", size) | {"status": "in_use"}
        volumes = {"0": {"boot": False, "volume_type": "sbs_volume", "id": root, "state": "available", "zone": zone}}
        for number, volume in body["volumes"].items():
            if number != "0":
                volumes[number] = {"volume_type": "sbs_volume", "id": volume["id"], "state": "available", "zone": zone}
                self.volumes[volume["id"]] |= {"status": "in_use", "references": [self._reference(identity)]}
        self.user_data[identity] = {}
        group = self.groups[body["security_group"]]
        self.servers[identity] = {
            "id": identity, "name": body["name"], "hostname": body["name"], "arch": "x86_64", "boot_type": "local",
            "commercial_type": body["commercial_type"], "organization": PROJECT, "project": PROJECT, "zone": zone,
            "image": {"id": body["image"], "name": "Debian", "zone": zone, "extra_volumes": {}, "state": "available",
                      "root_volume": {"volume_type": "sbs_snapshot", "id": root, "size": 0, "name": ""}},
            "volumes": volumes, "tags": body.get("tags", []), "state": "stopped", "state_detail": "",
            "protected": body.get("protected", False), "public_ips": [self._of_server(i) for i in body["public_ips"]],
            "security_group": {"id": group["id"], "name": group["name"]}, "private_nics": [], "filesystems": [],
            "routed_ip_enabled": True, "dynamic_ip_required": False, "enable_ipv6": False, "ipv6": None,
            "creation_date": NOW, "modification_date": NOW, "maintenances": [], "placement_group": None,
            "allowed_actions": ["poweron"], "end_of_service": False, "admin_password_encryption_ssh_key_id": None,
        }  # fmt: skip
        return self.servers[identity]

    def _of_server(self, identity: str) -> dict[str, Any]:
        four = self.addresses[identity]["type"] == "routed_ipv4"
        self.addresses[identity]["state"] = "attached"
        return {
            "id": identity, "address": "203.0.113.7" if four else "2001:db8:711:4014:dc00:1ff:fe27:16c9",
            "dynamic": False, "gateway": "203.0.113.1" if four else "fe80::1", "netmask": "32" if four else "64",
            "family": "inet" if four else "inet6", "provisioning_mode": "dhcp" if four else "slaac", "tags": [],
            "state": "attached", "ipam_id": identity,
        }  # fmt: skip

    def _act(self, server: dict[str, Any], action: str) -> dict[str, Any]:
        if action == "terminate":
            self._remove(server)
        else:
            server["state"] = {"poweron": "running", "poweroff": "stopped"}[action]
            if action == "poweron":
                # The first boot, as far as it can be seen from outside.
                self.user_data[server["id"]]["ssh-host-key"] = b"ssh-ed25519 AAAAOfTheServerItself root@shop\n"
        return {"task": {"id": str(uuid.uuid4()), "description": action, "status": "success", "progress": 100,
                         "zone": server["zone"], "started_at": NOW, "terminated_at": NOW}}  # fmt: skip

    def _remove(self, server: dict[str, Any]) -> None:
        if server["protected"]:
            raise Refused(412, "precondition_failed", "instance is protected, deletion is not allowed")
        for address in server["public_ips"]:
            self.addresses[address["id"]] |= {"state": "detached", "server": None}
        for volume in server["volumes"].values():
            self.volumes[volume["id"]] |= {"status": "available", "references": []}
        del self.servers[server["id"]]

    def one_user_data(self, method: str, server: str, key: str, content: bytes) -> Any:
        if method == "PATCH":
            self.user_data[server][key] = content
            return b""
        return self._get(self.user_data[server], key, "user_data")

    # ---- volumes ----

    def volume(self, method: str, zone: str, rest: list[str], body: dict[str, Any]) -> Any:
        if method == "POST":
            identity = str(uuid.uuid4())
            self.volumes[identity] = self._volume(identity, zone, body["name"], body["from_empty"]["size"])
            self.volumes[identity]["tags"] = body["tags"]
            return self.volumes[identity]
        volume = self._get(self.volumes, rest[0], "volume")
        if method == "DELETE":
            if volume["status"] == "in_use":
                raise Refused(412, "precondition_failed", "volume is in use")
            del self.volumes[rest[0]]
        elif method == "PATCH":
            volume |= {name: value for name, value in body.items() if name in ("name", "size", "tags") and value}
        return volume

    def _volume(self, identity: str, zone: str, name: str, size: int) -> dict[str, Any]:
        return {
            "id": identity, "name": name, "type": "sbs_5k", "size": size, "project_id": PROJECT, "references": [],
            "created_at": NOW, "updated_at": NOW, "parent_snapshot_id": None, "status": "available", "tags": [],
            "specs": {"perf_iops": 5000, "class": "sbs"}, "last_detached_at": None, "zone": zone,
        }  # fmt: skip

    def _reference(self, server: str) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()), "product_resource_type": "instance_server", "product_resource_id": server,
            "created_at": NOW, "type": "exclusive", "status": "attached",
        }  # fmt: skip

    # ---- DNS ----

    def dns(self, method: str, path: list[str], body: dict[str, Any], query: dict[str, str]) -> Any:
        if not path:
            name = query.get("dns_zones", query.get("dns_zone", ""))
            zone = {"domain": name, "subdomain": "", "status": "active", "project_id": PROJECT, "updated_at": NOW,
                    "ns": [], "ns_default": [], "ns_master": [], "linked_products": []}  # fmt: skip
            return {"dns_zones": [zone], "total_count": 1}
        zone = path[0]
        if query.get("type") == "unknown":  # what the SDK sends when it has no type
            del query["type"]
        if method == "GET":
            found = [
                r for r in self.records.values()
                if r["zone"] == zone and all(r[n] == query[n] for n in ("name", "type", "id") if query.get(n))
            ]  # fmt: skip
            return {"records": found, "total_count": len(found)}
        touched = []
        for change in body["changes"]:
            if "delete" in change:
                self.records.pop(change["delete"]["id"], None)
            for record in change.get("add", change.get("set", {})).get("records", []):
                identity = change.get("set", {}).get("id") or str(uuid.uuid4())
                self.records[identity] = record | {"id": identity, "zone": zone, "updated_at": NOW}
                touched.append(self.records[identity])
        return {"records": touched}

    def _get(self, things: dict[str, Any], key: str, kind: str) -> Any:
        if key not in things:
            raise Refused(404, "not_found", f"{kind} not found")
        return things[key]
