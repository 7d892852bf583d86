/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-endpoint.h"
#include "cw-error.h"

static void
test_read (void)
{
  static const struct
  {
    const char *text;
    CwScheme default_scheme;
    CwScheme scheme;
    const char *host;
    guint16 port;
    const char *path;
    const char *whole;
  } read[] = {
    { "https://api.example.com/v1?a=b", CW_SCHEME_MQTTS, CW_SCHEME_HTTPS, "api.example.com", 443,
      "/v1?a=b", "https://api.example.com/v1?a=b" },
    { "example.com", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "example.com", 443, "/",
      "https://example.com" },
    { "example.com", CW_SCHEME_MQTTS, CW_SCHEME_MQTTS, "example.com", 8883, "/",
      "mqtts://example.com" },
    { "example.com:8443/path", CW_SCHEME_WSS, CW_SCHEME_WSS, "example.com", 8443, "/path",
      "wss://example.com:8443/path" },
    { " \thttps://example.com:443/\n", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "example.com", 443, "/",
      "https://example.com" },
    { "WSS://Example.COM./Path", CW_SCHEME_HTTPS, CW_SCHEME_WSS, "example.com", 443, "/Path",
      "wss://example.com/Path" },
    { "mqtts://broker.example.com:443", CW_SCHEME_HTTPS, CW_SCHEME_MQTTS, "broker.example.com", 443,
      "/", "mqtts://broker.example.com:443" },
    { "https://b\303\274cher.example", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "xn--bcher-kva.example",
      443, "/", "https://xn--bcher-kva.example" },
    { "[::1]:8443", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "::1", 8443, "/", "https://[::1]:8443" },
    { "2001:db8::1", CW_SCHEME_MQTTS, CW_SCHEME_MQTTS, "2001:db8::1", 8883, "/",
      "mqtts://[2001:db8::1]" },
    { "https://[fe80::1%25eth0]", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "fe80::1%eth0", 443, "/",
      "https://[fe80::1%25eth0]" },
    { "192.0.2.1:1", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "192.0.2.1", 1, "/", "https://192.0.2.1:1" },
    { "https://example.com?a", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "example.com", 443, "/?a",
      "https://example.com/?a" },
    { "https://example.com/a b/\303\274%20#part", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "example.com",
      443, "/a%20b/%C3%BC%20", "https://example.com/a%20b/%C3%BC%20" },
    { "example.com:/path", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "example.com", 443, "/path",
      "https://example.com/path" },
    { "https://localhost:/path", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "localhost", 443, "/path",
      "https://localhost/path" },
    { "//example.com", CW_SCHEME_HTTPS, CW_SCHEME_HTTPS, "example.com", 443, "/",
      "https://example.com" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (read); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", read[i].text);
      g_autoptr (CwEndpoint) endpoint =
          cw_endpoint_new (read[i].text, read[i].default_scheme, &error);
      g_assert_no_error (error);
      g_assert_cmpint (cw_endpoint_get_scheme (endpoint), ==, read[i].scheme);
      g_assert_cmpstr (cw_endpoint_get_host (endpoint), ==, read[i].host);
      g_assert_cmpuint (cw_endpoint_get_port (endpoint), ==, read[i].port);
      g_assert_cmpstr (cw_endpoint_get_path (endpoint), ==, read[i].path);
      g_assert_cmpstr (cw_endpoint_to_string (endpoint), ==, read[i].whole);
      g_assert_true (cw_endpoint_is_ip (endpoint) == g_hostname_is_ip_address (read[i].host));
      g_autoptr (CwEndpoint) again =
          cw_endpoint_new (cw_endpoint_to_string (endpoint), CW_SCHEME_HTTPS, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (cw_endpoint_to_string (again), ==, read[i].whole);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *word; /* of the sentence */
  } refused[] = {
    { "", "host name" },
    { "  ", "host name" },
    { "https://", "host name" },
    { "https:///path", "host name" },
    { "http://example.com", "https://" },
    { "WS://example.com", "wss://" },
    { "mqtt://example.com", "mqtts://" },
    { "ftp://example.com", "ftp" },
    { "https://joe@example.com", "password" },
    { "https://joe:secret@example.com", "password" },
    { "joe:secret@example.com", "password" },
    { "https://example.com:0", "65535" },
    { "https://example.com:65536", "65535" },
    { "https://example.com:port", "65535" },
    { "https://exa mple.com", "exa mple.com" },
    { "https://-\001.example.com", "name of a host" },
    { "https://a..example.com", "a..example.com" },
    { "https:/localhost", "not an address" },
    { " WSS:/example.com/path", "not an address" },
    { "mqtts:/", "not an address" },
    { "https:/localhost?next=https://example.com", "not an address" },
    { "https://[::1", "address" },
    { "https://joe:secret@[::1", "address" },
    { "https://a%00b.example.com", "address" },
    { "https://\xff", "text" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (cw_endpoint_new (refused[i].text, CW_SCHEME_HTTPS, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
      g_test_message ("%u: %s", i, error->message);
      g_assert_nonnull (strstr (error->message, refused[i].word));
      /* What is refused for having a password in it is not the place to repeat it. */
      g_assert_null (strstr (error->message, "secret"));
    }
  g_autofree char *longest = g_strnfill (5000, 'a');
  g_autoptr (GError) error = NULL;
  g_assert_null (cw_endpoint_new (longest, CW_SCHEME_HTTPS, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_schemes (void)
{
  CwScheme scheme = CW_SCHEME_WSS;
  g_assert_false (cw_scheme_from_name ("http", &scheme));
  g_assert_cmpint (scheme, ==, CW_SCHEME_WSS);
  for (CwScheme i = CW_SCHEME_HTTPS; i <= CW_SCHEME_MQTTS; i++)
    {
      g_assert_true (cw_scheme_from_name (cw_scheme_get_name (i), &scheme));
      g_assert_cmpint (scheme, ==, i);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/read", test_read);
  g_test_add_func ("/endpoint/refused", test_refused);
  g_test_add_func ("/endpoint/schemes", test_schemes);
  return g_test_run ();
}
