"""Loads the firewall in a small world of network namespaces and tells as JSON who reaches whom.

The container itself is the server. `client` is the internet and also holds the metadata service, `app` is a
container behind a bridge.
"""

import json
import os
import subprocess
import sys

SERVE = """
import socketserver, sys
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
class Silent(socketserver.BaseRequestHandler):
    def handle(self): pass
print("up", flush=True)
Server(("0.0.0.0", int(sys.argv[1])), Silent).serve_forever()
"""
ASK = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1)"
INSIDE = {"server": [], "client": ["ip", "netns", "exec", "client"], "app": ["ip", "netns", "exec", "app"]}


def do(line):
    subprocess.run(line.split(), check=True)


def serve(place, port):
    command = [*INSIDE[place], sys.executable, "-c", SERVE, str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    server.stdout.readline()
    return server


def reaches(place, address, port, user=None):
    command = [*INSIDE[place], sys.executable, "-c", ASK, address, str(port)]
    become = (lambda: os.setuid(user)) if user else None
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False, preexec_fn=become).returncode == 0


def world():
    for name, ours, theirs in (
        ("client", "203.0.113.1/24", "203.0.113.2/24"),
        ("app", "172.30.0.1/24", "172.30.0.2/24"),
    ):
        do(f"ip netns add {name}")
        do(f"ip link add to-{name} type veth peer name eth0 netns {name}")
        do(f"ip address add {ours} dev to-{name}")
        do(f"ip link set to-{name} up")
        for words in (f"address add {theirs} dev eth0", "link set eth0 up", "link set lo up"):
            do(f"ip -n {name} {words}")
        do(f"ip -n {name} route add default via {ours.split('/')[0]}")
    do("ip link set lo up")
    do("ip -n client address add 169.254.169.254/32 dev lo")
    do("ip route add 169.254.169.254 via 203.0.113.2")


def main():
    world()
    do("nft add table ip docker")
    for _ in range(2):  # loading it again is harmless
        do("nft -f /etc/nftables/host.nft")
    servers = [serve("server", port) for port in (22, 80, 443, 9100)]
    servers += [serve("client", 80), serve("app", 8000)]
    nobody = 65534
    told = {
        "internet reaches 22": reaches("client", "203.0.113.1", 22),
        "internet reaches 80": reaches("client", "203.0.113.1", 80),
        "internet reaches 443": reaches("client", "203.0.113.1", 443),
        "internet reaches another port": reaches("client", "203.0.113.1", 9100),
        "container reaches another port of the server": reaches("app", "172.30.0.1", 9100),
        "server reaches its own ports": reaches("server", "127.0.0.1", 9100),
        "internet reaches a container": reaches("client", "172.30.0.2", 8000),
        "container reaches the internet": reaches("app", "203.0.113.2", 80),
        "container reaches the metadata": reaches("app", "169.254.169.254", 80),
        "root reaches the metadata": reaches("server", "169.254.169.254", 80),
        "another user reaches the metadata": reaches("server", "169.254.169.254", 80, user=nobody),
        "another user reaches the internet": reaches("server", "203.0.113.2", 80, user=nobody),
    }
    do("nft delete table inet host")
    told["tables that are left"] = subprocess.check_output(["nft", "list", "tables"], text=True).split("\n")[:-1]
    for server in servers:
        server.terminate()
    print(json.dumps(told))


main()
