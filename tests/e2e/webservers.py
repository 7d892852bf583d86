# SPDX-License-Identifier: GPL-3.0-or-later
"""Real web servers for the connection test, that let nobody in without a certificate."""

import contextlib
import os
import shutil
import socket
import subprocess

from scenario import Authority

# scenario has put the folder of it on the path.
from session import die_with_parent, wait_until  # pylint: disable=wrong-import-order

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
SITES = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {sites}
}}
"""
SITE = """
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {server}/server.pem;
    ssl_certificate_key {server}/server.key;
    ssl_client_certificate {clients};
    ssl_verify_client on;
    ssl_verify_depth 2;
    location / {{ return 200 "hello\\n"; }}
  }}
"""


class WebServers:
    """One whose certificate the reply's CAs issued, one of a CA of its own, one that refuses."""

    def __init__(self, world):
        self.folder = world.folder / "servers"
        self.folder.mkdir()
        self.listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
        ports = [listener.getsockname()[1] for listener in self.listeners]
        self.good, self.other, self.refusing, self.silent = (
            f"https://localhost:{port}" for port in ports
        )
        root, inter = world.authorities
        self.ca = Authority(self.folder / "ca", "Server CA")
        inter.make_server(self.folder / "good", "DNS:localhost")
        self.ca.make_server(self.folder / "other", "DNS:localhost")
        for listener in self.listeners[:3]:
            listener.close()
        self.listeners[3].listen()
        sites = (("good", root), ("other", root), ("good", self.ca))
        self.start_nginx(zip(ports, sites))
        wait_until(lambda: all(map(answers, ports[:3])), "nginx")

    def start_nginx(self, sites):
        text = "".join(
            SITE.format(port=port, server=self.folder / server, clients=clients.certificate)
            for port, (server, clients) in sites
        )
        config = self.folder / "nginx.conf"
        user = "user root;" if os.getuid() == 0 else ""
        config.write_text(SITES.format(user=user, folder=self.folder, sites=text))
        command = [NGINX, "-p", str(self.folder), "-e", str(self.folder / "error.log")]
        self.process = subprocess.Popen([*command, "-c", str(config)], preexec_fn=die_with_parent)

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self.listeners[3].close()


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
