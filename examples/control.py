#!/usr/bin/env python3
"""Asks a running Millrace by its control socket: control.py [WORD...], as in: control.py ip route"""
import json
import socket
import sys

PATH = "out/millrace.sock"
words = sys.argv[1:] or ["show", "ports"]

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(PATH)
    request = {"jsonrpc": "2.0", "id": 1, "method": words[0], "params": {"words": words[1:], "json": True}}
    connection.sendall(json.dumps(request).encode() + b"\n")
    answer = json.loads(connection.makefile().readline())

if "error" in answer:
    print(answer["error"]["message"], file=sys.stderr)
    sys.exit(answer["error"].get("data", {}).get("status", 2))
print(json.dumps(answer["result"]["value"], indent=2))
