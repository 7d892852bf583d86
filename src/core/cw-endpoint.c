/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-endpoint.h"
#include "cw-error.h"
#include "cw-text.h"

#define MAX_LENGTH       2048 /* of an address: more is a mistake in pasting */
#define MAX_HOST_LENGTH  253  /* RFC 1035 */
#define MAX_LABEL_LENGTH 63

struct _CwEndpoint
{
  gatomicrefcount count;
  CwScheme scheme;
  char *host;
  gboolean ip;
  guint16 port;
  char *path;
  char *text;
};

G_DEFINE_BOXED_TYPE (CwEndpoint, cw_endpoint, cw_endpoint_ref, cw_endpoint_unref)

static const struct
{
  const char *name;
  const char *plain; /* its sister without TLS */
  guint16 port;
} schemes[] = {
  [CW_SCHEME_HTTPS] = { "https", "http", 443 },
  [CW_SCHEME_WSS] = { "wss", "ws", 443 },
  [CW_SCHEME_MQTTS] = { "mqtts", "mqtt", 8883 },
};

gboolean
cw_scheme_from_name (const char *name, CwScheme *scheme)
{
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (scheme != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (name, schemes[i].name) == 0)
      {
        *scheme = i;
        return TRUE;
      }
  return FALSE;
}

const char *
cw_scheme_get_name (CwScheme scheme)
{
  g_return_val_if_fail (scheme < G_N_ELEMENTS (schemes), NULL);

  return schemes[scheme].name;
}

static gboolean
read_scheme (const char *name, CwScheme *scheme, GError **error)
{
  if (cw_scheme_from_name (name, scheme))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (name, schemes[i].plain) == 0)
      {
        g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                     _ ("%s:// is not encrypted, so no certificate is used there. Write %s:// "
                        "instead."),
                     schemes[i].plain, schemes[i].name);
        return FALSE;
      }
  g_autofree char *shown = cw_text_clean (name);
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
               _ ("“%s” is not a kind of address that can be tested. Write one that begins with "
                  "https://, wss:// or mqtts://."),
               shown);
  return FALSE;
}

static gboolean
is_host_name (const char *host)
{
  static const char *const permitted = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  if (*host == '\0' || strlen (host) > MAX_HOST_LENGTH || strspn (host, permitted) != strlen (host))
    return FALSE;
  g_auto (GStrv) labels = g_strsplit (host, ".", -1);
  for (guint i = 0; labels[i] != NULL; i++)
    if (*labels[i] == '\0' || strlen (labels[i]) > MAX_LABEL_LENGTH)
      return FALSE;
  return TRUE;
}

static gboolean
read_host (CwEndpoint *self, const char *host, GError **error)
{
  self->ip = host != NULL && g_hostname_is_ip_address (host);
  self->host = host == NULL ? NULL : self->ip ? g_strdup (host) : g_hostname_to_ascii (host);
  if (!self->ip && self->host != NULL)
    {
      g_autofree char *mixed = g_steal_pointer (&self->host);
      self->host = g_ascii_strdown (mixed, -1);
      if (g_str_has_suffix (self->host, "."))
        self->host[strlen (self->host) - 1] = '\0';
    }
  if (self->ip || (self->host != NULL && is_host_name (self->host)))
    return TRUE;

  g_autofree char *shown = host != NULL ? cw_text_clean (host) : NULL;
  if (shown == NULL || *shown == '\0')
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 _ ("There is no host name in the address. Write it like “%s://example.com”."),
                 schemes[self->scheme].name);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 _ ("“%s” cannot be the name of a host. Look for a mistake in typing."), shown);
  return FALSE;
}

static gboolean
read_port (CwEndpoint *self, int port, GError **error)
{
  if (port == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID, _ ("A port is a number from 1 to 65535."));
      return FALSE;
    }
  self->port = port > 0 ? (guint16) port : schemes[self->scheme].port;
  return TRUE;
}

/* What is escaped stays so; what would have to be is escaped now. */
static char *
read_path (GUri *uri)
{
  const char *query = g_uri_get_query (uri);
  g_autofree char *path = g_uri_escape_string (g_uri_get_path (uri), "/%!$&'()*+,;=:@", FALSE);
  g_autofree char *escaped =
      query != NULL ? g_uri_escape_string (query, "/%?!$&'()*+,;=:@[]", FALSE) : NULL;
  return g_strconcat (*path == '/' ? "" : "/", path, query != NULL ? "?" : "", escaped, NULL);
}

static char *
write_text (CwEndpoint *self)
{
  gboolean v6 = strchr (self->host, ':') != NULL;
  /* The zone of a link-local address comes after a percent sign (RFC 6874). */
  g_autofree char *host = g_uri_escape_string (self->host, ":", FALSE);
  g_autofree char *port = self->port != schemes[self->scheme].port
                              ? g_strdup_printf (":%u", self->port)
                              : g_strdup ("");
  return g_strconcat (schemes[self->scheme].name, "://", v6 ? "[" : "", host, v6 ? "]" : "", port,
                      g_str_equal (self->path, "/") ? "" : self->path, NULL);
}

static gboolean
read_uri (CwEndpoint *self, GUri *uri, GError **error)
{
  if (g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                   _ ("There is a user name or a password in the address. Leave it out: addresses "
                      "are shown and stored as they are."));
      return FALSE;
    }
  if (!read_scheme (g_uri_get_scheme (uri), &self->scheme, error) ||
      !read_host (self, g_uri_get_host (uri), error) ||
      !read_port (self, g_uri_get_port (uri), error))
    return FALSE;
  self->path = read_path (uri);
  self->text = write_text (self);
  return TRUE;
}

/* The address is not repeated: there may be a password in it. */
static void
set_parse_error (const GError *cause, GError **error)
{
  if (g_error_matches (cause, G_URI_ERROR, G_URI_ERROR_BAD_PORT))
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID, _ ("A port is a number from 1 to 65535."));
  else
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 _ ("This is not an address. Write it like “https://example.com:8443/path”."));
}

/* "https:/host": its word would be taken for a host that has an empty port. A name with a dot in
 * it is one. */
static gboolean
lacks_slash (const char *text)
{
  const gsize length = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

  return length > 0 && g_str_has_prefix (text + length, ":/") && text[length + 2] != '/';
}

/* As a whole address: with a scheme, and with the brackets of an IPv6 address; NULL for none. */
static char *
complete (const char *text, CwScheme default_scheme)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *name = schemes[default_scheme].name;
  if (lacks_slash (stripped))
    return NULL;
  if (strstr (stripped, "://") != NULL)
    return g_steal_pointer (&stripped);
  if (g_hostname_is_ip_address (stripped) && strchr (stripped, ':') != NULL)
    return g_strdup_printf ("%s://[%s]", name, stripped);
  return g_strdup_printf ("%s://%s", name, stripped + strspn (stripped, "/"));
}

CwEndpoint *
cw_endpoint_new (const char *text, CwScheme default_scheme, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (default_scheme < G_N_ELEMENTS (schemes), NULL);

  if (strlen (text) > MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                   _ ("This is too long, or is no text at all, for an address."));
      return NULL;
    }
  g_autoptr (GError) cause = NULL;
  g_autofree char *whole = complete (text, default_scheme);
  g_autoptr (GUri) uri =
      whole != NULL
          ? g_uri_parse (whole, G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY, &cause)
          : NULL;
  if (uri == NULL)
    {
      set_parse_error (cause, error);
      return NULL;
    }

  g_autoptr (CwEndpoint) self = g_new0 (CwEndpoint, 1);
  g_atomic_ref_count_init (&self->count);
  return read_uri (self, uri, error) ? g_steal_pointer (&self) : NULL;
}

CwEndpoint *
cw_endpoint_ref (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
cw_endpoint_unref (CwEndpoint *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_free (self->host);
  g_free (self->path);
  g_free (self->text);
  g_free (self);
}

CwScheme
cw_endpoint_get_scheme (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, CW_SCHEME_HTTPS);

  return self->scheme;
}

const char *
cw_endpoint_get_host (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

gboolean
cw_endpoint_is_ip (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->ip;
}

guint16
cw_endpoint_get_port (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

const char *
cw_endpoint_get_path (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

const char *
cw_endpoint_to_string (CwEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}
