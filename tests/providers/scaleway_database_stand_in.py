"""The part of the stand-in for Scaleway's API that has databases and the private networks which lead to them.

Like the true one it gives a database without a private network a public address, never gives a password back, and
refuses to delete a network that something is still on.
"""

import base64
import uuid
from typing import Any

from tests.providers.stand_in import Refused

NOW = "2026-01-01T00:00:00.000000Z"


class Databases:
    """Databases, private networks, and the interfaces of servers on them, of one project."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.instances: dict[str, dict[str, Any]] = {}
        self.passwords: dict[str, str] = {}
        self.inside: dict[str, dict[str, dict[str, Any]]] = {}
        self.networks: dict[str, dict[str, Any]] = {}
        self.interfaces: dict[str, dict[str, Any]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left that costs money."""
        return not (self.instances or self.networks or self.interfaces)

    def handle(self, method: str, product: str, region: str, path: list[str], body: dict[str, Any]) -> Any:
        """Answer what concerns a region: databases, networks, and the addresses on them."""
        match product, path:
            case "rdb", ["instances", *rest]:
                return self.instance(method, region, rest, body)
            case "vpc", ["private-networks", *rest]:
                return self.network(method, region, rest, body)
            case "ipam", ["ips"]:
                return {"ips": [], "total_count": 0}
        raise Refused(501, "unknown", f"the stand-in does not know {method} {product} {path}")

    # ---- private networks ----

    def network(self, method: str, region: str, rest: list[str], body: dict[str, Any]) -> Any:
        if method == "POST":
            identity, vpc = str(uuid.uuid4()), body.get("vpc_id") or str(uuid.uuid4())
            shared = {"created_at": NOW, "updated_at": NOW, "project_id": self.project, "vpc_id": vpc}
            self.networks[identity] = shared | {
                "id": identity, "name": body["name"], "tags": body["tags"], "region": region, "dhcp_enabled": True,
                "default_route_propagation_enabled": False, "organization_id": self.project,
                "subnets": [shared | {"id": str(uuid.uuid4()), "private_network_id": identity, "subnet": subnet}
                            for subnet in ("172.16.4.0/22", "fd2c:2ff0:469a:e916::/64")],
            }  # fmt: skip
            return self.networks[identity]
        network = _get(self.networks, rest[0], "private_network")
        if method == "DELETE":
            used = [i for i in self.interfaces.values() if i["private_network_id"] == rest[0]]
            used += [i for i in self.instances.values() for e in i["endpoints"] if _network_of(e) == rest[0]]
            if used:
                raise Refused(412, "precondition_failed", "resource is still in use, private network is not empty")
            del self.networks[rest[0]]
            return {}
        return network

    def interface(self, method: str, zone: str, rest: list[str], body: dict[str, Any], query: dict[str, str]) -> Any:
        """Answer for the interfaces of servers."""
        if method == "POST":
            identity = str(uuid.uuid4())
            self.interfaces[identity] = {
                "id": identity, "private_network_id": body["private_network_id"], "server_id": body["server_id"],
                "project_id": self.project, "mac_address": "02:00:00:00:00:01", "status": "available", "ip_ids": [],
                "tags": body.get("tags") or [], "created_at": NOW, "updated_at": NOW, "zone": zone,
            }  # fmt: skip
            return self.interfaces[identity]
        if not rest:
            found = [i for i in self.interfaces.values() if query.get("server_ids", i["server_id"]) == i["server_id"]]
            return {"private_network_interfaces": found, "total_count": len(found)}
        interface = _get(self.interfaces, rest[0], "private_network_interface")
        if method == "DELETE":
            del self.interfaces[rest[0]]
            return {}
        return interface

    # ---- databases ----

    def instance(self, method: str, region: str, rest: list[str], body: dict[str, Any]) -> Any:
        if not rest:
            return self._new_instance(region, body)
        instance = _get(self.instances, rest[0], "instance")
        if len(rest) > 1:
            return self._of_instance(method, instance, rest[1:], body)
        if method == "DELETE":
            del self.instances[rest[0]]
        elif method == "PATCH":
            schedule = {"is_backup_schedule_disabled": "disabled", "backup_schedule_frequency": "frequency",
                        "backup_schedule_retention": "retention"}  # fmt: skip
            instance["backup_schedule"] |= {schedule[name]: body[name] for name in schedule if name in body}
            instance |= {name: body[name] for name in ("name", "tags") if name in body}
        return instance

    def _new_instance(self, region: str, body: dict[str, Any]) -> dict[str, Any]:
        identity = str(uuid.uuid4())
        wanted = body["init_endpoints"] or [{"load_balancer": {}}]
        assert not body["user_name"], "the first user of an instance would be its administrator"
        self.inside[identity] = {"users": {}, "databases": {}, "privileges": {}}
        self.instances[identity] = {
            "id": identity, "name": body["name"], "region": region, "status": "ready", "engine": body["engine"],
            "node_type": body["node_type"], "is_ha_cluster": body["is_ha_cluster"], "tags": body["tags"],
            "organization_id": self.project, "project_id": self.project, "created_at": NOW, "read_replicas": [],
            "backup_same_region": False, "encryption": body["encryption"], "init_settings": [], "settings": [],
            "backup_schedule": {"disabled": body["disable_backup"], "frequency": 24, "retention": 7,
                                "next_run_at": NOW},
            "endpoint": None, "endpoints": [_endpoint(spec) for spec in wanted], "maintenances": [],
            "logs_policy": {"max_age_retention": 30, "total_disk_retention": None}, "upgradable_version": [],
            "volume": {"class": "sbs", "type": body["volume_type"], "size": body["volume_size"]},
        }  # fmt: skip
        return self.instances[identity]

    def _of_instance(self, method: str, instance: dict[str, Any], path: list[str], body: dict[str, Any]) -> Any:
        things = self.inside[instance["id"]]
        match method, path:
            case "GET", ["certificate"]:
                return {"name": "certificate", "content_type": "text/plain", "content": base64.b64encode(b"-").decode()}
            case "POST", ["upgrade"]:
                instance |= {name: body[name] for name in ("node_type",) if body.get(name)}
                return instance
            case "POST", ["users"]:
                self.passwords[body["name"]] = body["password"]
                things["users"][body["name"]] = {"name": body["name"], "is_admin": body["is_admin"]}
                return things["users"][body["name"]]
            case "PATCH", ["users", name]:
                self.passwords[name] = body["password"]
                return things["users"][name]
            case "POST", ["databases"]:
                things["databases"][body["name"]] = {"name": body["name"], "owner": "", "managed": True, "size": 0}
                return things["databases"][body["name"]]
            case "PUT", ["privileges"]:
                things["privileges"] = {body["user_name"]: body}
                return body
            case "GET", [kind]:
                return {kind: list(things[kind].values()), "total_count": len(things[kind])}
            case "DELETE", [kind, name]:
                return things[kind].pop(name)
        raise Refused(501, "unknown", f"the stand-in does not know {method} {path} of a database")


def _endpoint(wanted: dict[str, Any]) -> dict[str, Any]:
    shared = {"id": str(uuid.uuid4()), "name": None}
    if "private_network" not in wanted:
        return shared | {"ip": "198.51.100.4", "port": 6401, "load_balancer": {}}
    network = {"private_network_id": wanted["private_network"]["private_network_id"], "provisioning_mode": "ipam",
               "service_ip": "172.16.4.2/22", "zone": "fr-par-1"}  # fmt: skip
    return shared | {"ip": "172.16.4.2", "port": 5432, "private_network": network}


def _network_of(endpoint: dict[str, Any]) -> str | None:
    return endpoint.get("private_network", {}).get("private_network_id")


def _get(things: dict[str, Any], key: str, kind: str) -> Any:
    if key not in things:
        raise Refused(404, "not_found", f"{kind} not found")
    return things[key]
