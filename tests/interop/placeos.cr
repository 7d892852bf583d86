# SPDX-License-Identifier: GPL-3.0-or-later
#
# A stand-in for a PlaceOS driver: treats its settings as PlaceOS does, with the
# same YAML and TLS libraries, and connects.
#
#   placeos SETTINGS.yml https|wss HOST PORT
#
# Prints the status and the answer's first line; fails with the reason.

require "http/client"
require "http/web_socket"
require "json"
require "openssl"
require "yaml"

# Settings are YAML to people and JSON to PlaceOS.
def read_settings(path : String) : JSON::Any
  yaml = YAML.parse(File.read(path))
  raise "the settings are not a map" unless yaml.as_h?
  JSON.parse(yaml.to_json)
end

# Anything that is not one of these is NONE, without a word: also a boolean.
def verify_mode(value : JSON::Any?) : OpenSSL::SSL::VerifyMode
  raw = value.try(&.raw)
  case raw
  when String
    OpenSSL::SSL::VerifyMode.parse?(raw) || OpenSSL::SSL::VerifyMode::NONE
  when Int64
    OpenSSL::SSL::VerifyMode.from_value?(raw.to_i) || OpenSSL::SSL::VerifyMode::NONE
  else
    OpenSSL::SSL::VerifyMode::NONE
  end
end

# OpenSSL reads these from files.
def as_file(text : String?, &block : String -> Nil)
  return if text.nil? || text.blank?
  file = File.tempfile("placeos", ".pem") { |io| io << text }
  begin
    yield file.path
  ensure
    file.delete
  end
end

def make_context(settings : JSON::Any) : OpenSSL::SSL::Context::Client
  context = OpenSSL::SSL::Context::Client.new
  context.verify_mode = verify_mode(settings["https_verify"]?)
  key = settings["https_private_key"]?.try(&.as_s)
  certificate = settings["https_client_cert"]?.try(&.as_s)
  # If either is missing or blank, there is silently no mutual TLS.
  unless key.nil? || key.blank? || certificate.nil? || certificate.blank?
    as_file(key) { |path| context.private_key = path }
    as_file(certificate) { |path| context.certificate_chain = path }
  end
  authorities = settings["https_ca_certificates"]?.try(&.as_s)
  as_file(authorities) { |path| context.ca_certificates = path }
  context
end

def ask_https(context, host : String, port : Int32)
  answer = HTTP::Client.new(host, port, tls: context).get("/")
  puts "#{answer.status_code} #{answer.body.lines.first?}"
end

def ask_wss(context, host : String, port : Int32)
  socket = HTTP::WebSocket.new(host, "/socket", port, tls: context)
  socket.on_message do |message|
    puts "101 #{message}"
    socket.close
  end
  socket.send("hello")
  socket.run
end

begin
  path, protocol, host, port = ARGV
  context = make_context(read_settings(path))
  protocol == "wss" ? ask_wss(context, host, port.to_i) : ask_https(context, host, port.to_i)
rescue error
  STDERR.puts "#{error.class}: #{error.message}"
  exit 1
end
