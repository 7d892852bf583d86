/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "cw-alt-name.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-usage.h"

#define OID_UPN "1.3.6.1.4.1.311.20.2.3"

/* RFC 1035, 2.3.4 and RFC 5321, 4.5.3.1 */
#define MAX_LABEL      63
#define MAX_HOST       253
#define MAX_LOCAL_PART 64
#define MAX_EMAIL      254
#define MAX_TEXT       1024

struct _CwAltName
{
  GObject parent_instance;

  CwAltNameKind kind;
  char *value;
};

G_DEFINE_FINAL_TYPE (CwAltName, cw_alt_name, G_TYPE_OBJECT)

typedef struct
{
  const char *id;
  const char *title;
  char *(*to_ascii) (const char *value, GError **error);
} KindInfo;

static char *email_to_ascii (const char *value, GError **error);
static char *dns_to_ascii (const char *value, GError **error);
static char *ip_to_ascii (const char *value, GError **error);
static char *uri_to_ascii (const char *value, GError **error);
static char *upn_to_ascii (const char *value, GError **error);
static char *other_to_ascii (const char *value, GError **error);
static char *unknown_to_ascii (const char *value, GError **error);

static const KindInfo kinds[] = {
  [CW_ALT_NAME_EMAIL] = { "email", N_ ("E-mail address"), email_to_ascii },
  [CW_ALT_NAME_DNS] = { "dns", N_ ("Host name"), dns_to_ascii },
  [CW_ALT_NAME_IP] = { "ip", N_ ("IP address"), ip_to_ascii },
  [CW_ALT_NAME_URI] = { "uri", N_ ("URI"), uri_to_ascii },
  [CW_ALT_NAME_UPN] = { "upn", N_ ("User principal name"), upn_to_ascii },
  [CW_ALT_NAME_OTHER] = { "other", N_ ("Other name"), other_to_ascii },
  [CW_ALT_NAME_UNKNOWN] = { "unknown", N_ ("Unknown name"), unknown_to_ascii },
};

/* Returns NULL, so that a function that gives a text can return it. */
static char *G_GNUC_PRINTF (2, 3) invalid (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CW_ERROR, CW_ERROR_INVALID, format, args));
  va_end (args);

  return NULL;
}

static gboolean
is_ip (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL;
}

/* What no kind permits. Says nothing of blanks within: each kind has its own words for them. */
static gboolean
check_characters (const char *value, GError **error)
{
  if (*value == '\0')
    invalid (error, _ ("The name is empty. Fill it in, or remove it."));
  else if (!g_utf8_validate (value, -1, NULL))
    invalid (error, _ ("The name is not valid text (UTF-8). Type it anew."));
  else if (cw_text_has_hidden (value))
    invalid (error, _ ("The name has a character in it that cannot be seen, such as a line break. "
                       "Delete it and type it anew."));
  else if (g_unichar_isspace (g_utf8_get_char (value)))
    invalid (error, _ ("“%s” starts with a blank. Remove it."), value);
  else if (g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (value + strlen (value)))))
    invalid (error, _ ("“%s” ends with a blank. Remove it."), value);
  else if (strlen (value) > MAX_TEXT)
    invalid (error,
             ngettext ("The name is too long: at most %d character is permitted.",
                       "The name is too long: at most %d characters are permitted.", MAX_TEXT),
             MAX_TEXT);
  else
    return TRUE;

  return FALSE;
}

static gboolean
has_blank (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/*
 * Letters that the older and the newer standard of international names
 * (IDNA 2003, 2008) turn into different hosts. Guessing would ask for a
 * certificate of somebody else's name.
 */
static const char *
find_ambiguous_letter (const char *text)
{
  static const char *const letters[] = { "ß", "ẞ", "ς", "\xe2\x80\x8c", "\xe2\x80\x8d", NULL };

  for (guint i = 0; letters[i] != NULL; i++)
    if (strstr (text, letters[i]) != NULL)
      return letters[i];

  return NULL;
}

static gboolean
check_label (const char *label, const char *host, GError **error)
{
  gsize length = strlen (label);

  if (length == 0)
    invalid (error, _ ("“%s” has a dot too many."), host);
  else if (length > MAX_LABEL)
    invalid (error,
             ngettext ("“%1$s” cannot be part of a host name: between two dots at most %2$d "
                       "character is permitted.",
                       "“%1$s” cannot be part of a host name: between two dots at most %2$d "
                       "characters are permitted.",
                       MAX_LABEL),
             label, MAX_LABEL);
  else if (strchr (label, '_') != NULL)
    invalid (error, _ ("A host name cannot contain “_”, as “%s” does. A “-” is permitted."), host);
  else if (strspn (label, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
    invalid (error,
             _ ("“%s” is not a host name: only letters, digits, “-” and dots are permitted."),
             host);
  else if (label[0] == '-' || label[length - 1] == '-')
    invalid (error, _ ("“%s” is not a host name: “-” cannot stand beside a dot or at an end."),
             host);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_labels (const char *ascii, const char *host, GError **error)
{
  g_auto (GStrv) labels = g_strsplit (ascii, ".", -1);
  guint n_labels = g_strv_length (labels);
  const char *last;

  /* "。" is a dot too, and leaves nothing if it stands alone. */
  if (n_labels == 0)
    return check_label (ascii, host, error);

  for (guint i = 0; i < n_labels; i++)
    if (!check_label (labels[i], host, error))
      return FALSE;

  if (strlen (ascii) > MAX_HOST)
    {
      invalid (
          error,
          ngettext ("“%1$s” is too long for a host name: at most %2$d character is permitted.",
                    "“%1$s” is too long for a host name: at most %2$d characters are permitted.",
                    MAX_HOST),
          host, MAX_HOST);
      return FALSE;
    }
  last = labels[n_labels - 1];
  if (strspn (last, "0123456789") == strlen (last))
    {
      invalid (error, _ ("“%s” is neither a host name nor a complete IP address."), host);
      return FALSE;
    }

  return TRUE;
}

/* A host name without a wildcard, in punycode and lower case (RFC 1123, 3490). */
static char *
host_to_ascii (const char *host, GError **error)
{
  const char *ambiguous = find_ambiguous_letter (host);
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;

  if (has_blank (host))
    return invalid (error, _ ("“%s” has a blank in it. Remove it."), host);
  if (*host == '.' || strstr (host, "..") != NULL)
    return invalid (error, _ ("“%s” has a dot too many."), host);
  if (g_str_has_suffix (host, "."))
    return invalid (error, _ ("“%s” ends with a dot. Remove it."), host);
  if (ambiguous != NULL)
    return invalid (error,
                    /* Translators: a host name and a letter in it */
                    _ ("“%1$s” has the letter “%2$s” in it, which programs do not agree on. Type "
                       "the name in its “xn--” form."),
                    host, ambiguous);

  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL)
    return invalid (error,
                    _ ("“%s” is not a host name: it has characters in it that are not "
                       "permitted there."),
                    host);
  lower = g_ascii_strdown (ascii, -1);

  return check_labels (lower, host, error) ? g_steal_pointer (&lower) : NULL;
}

/* Values that are fine, but of another kind: says so, which host_to_ascii() could not. */
static gboolean
check_is_no_other_kind (const char *value, GError **error)
{
  if (strstr (value, "://") != NULL)
    invalid (error, _ ("“%s” is the address of a page. Choose “URI”, or type only its host name."),
             value);
  else if (strchr (value, '@') != NULL)
    invalid (error, _ ("“%s” looks like an e-mail address. Choose “E-mail address”."), value);
  else if (is_ip (value))
    invalid (error, _ ("“%s” is an IP address. Choose “IP address”."), value);
  else if (strchr (value, '/') != NULL)
    invalid (error, _ ("“%s” has a path in it. Type only the host name, up to the first “/”."),
             value);
  else if (strchr (value, ':') != NULL)
    invalid (error, _ ("“%s” has a port in it. Type only the host name, up to the “:”."), value);
  else
    return TRUE;

  return FALSE;
}

static char *
dns_to_ascii (const char *value, GError **error)
{
  g_autofree char *host = NULL;
  gboolean wildcard = g_str_has_prefix (value, "*.");
  const char *name = wildcard ? value + 2 : value;

  if (!check_is_no_other_kind (value, error))
    return NULL;
  if (strchr (name, '*') != NULL)
    return invalid (error,
                    _ ("“%s” has a “*” where none is permitted. It can only stand for the "
                       "whole first part, as in *.example.com."),
                    value);
  if (wildcard && strchr (name, '.') == NULL)
    return invalid (error,
                    _ ("“%s” covers too much. After “*.” at least two parts must follow, as "
                       "in *.example.com."),
                    value);

  host = host_to_ascii (name, error);
  if (host == NULL || !wildcard)
    return g_steal_pointer (&host);
  if (strlen (host) + 2 > MAX_HOST)
    return invalid (
        error,
        ngettext ("“%1$s” is too long for a host name: at most %2$d character is permitted.",
                  "“%1$s” is too long for a host name: at most %2$d characters are permitted.",
                  MAX_HOST),
        value, MAX_HOST);

  return g_strconcat ("*.", host, NULL);
}

static gboolean
is_dot_atom (const char *local)
{
  if (*local == '.' || g_str_has_suffix (local, ".") || strstr (local, "..") != NULL)
    return FALSE;
  for (const char *p = local; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (".!#$%&'*+-/=?^_`{|}~", *p) == NULL)
      return FALSE;

  return TRUE;
}

/* RFC 5321, 4.1.2: Quoted-string */
static gboolean
is_quoted_string (const char *local)
{
  gsize length = strlen (local);

  if (length < 3 || local[0] != '"' || local[length - 1] != '"')
    return FALSE;
  for (gsize i = 1; i < length - 1; i++)
    {
      if (local[i] == '"')
        return FALSE;
      /* What follows a backslash may be any of them, but must be within. */
      if (local[i] == '\\' && ++i == length - 1)
        return FALSE;
      if (!g_ascii_isprint (local[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_local_part (const char *local, const char *value, GError **error)
{
  if (*local == '\0')
    invalid (error, _ ("“%s” has nothing before the “@”."), value);
  else if (strlen (local) > MAX_LOCAL_PART)
    invalid (error,
             ngettext ("“%1$s” is too long: before the “@” at most %2$d character is permitted.",
                       "“%1$s” is too long: before the “@” at most %2$d characters are permitted.",
                       MAX_LOCAL_PART),
             value, MAX_LOCAL_PART);
  else if (is_dot_atom (local) || is_quoted_string (local))
    return TRUE;
  else if (!g_str_is_ascii (local))
    invalid (error,
             _ ("“%s” has letters before the “@” that a certificate cannot hold. Only A to Z, "
                "digits and signs such as “.” and “-” are permitted there."),
             value);
  else if (has_blank (local))
    invalid (error, _ ("“%s” has a blank in it. Remove it."), value);
  else if (*local == '.' || g_str_has_suffix (local, ".") || strstr (local, "..") != NULL)
    invalid (error, _ ("“%s” has a dot too many before the “@”."), value);
  else
    invalid (error, _ ("“%s” has a character before the “@” that is not permitted there."), value);

  return FALSE;
}

static gboolean
check_email_form (const char *value, GError **error)
{
  if (g_ascii_strncasecmp (value, "mailto:", 7) == 0)
    invalid (error, _ ("“%s” is a link. Type only the address, without “mailto:”."), value);
  else if (strchr (value, '<') != NULL || strchr (value, '>') != NULL)
    invalid (error,
             _ ("“%s” has more in it than the address. Type only what stands between “<” and "
                "“>”."),
             value);
  else if (*value != '"' && strpbrk (value, ",;") != NULL)
    invalid (error, _ ("“%s” looks like several addresses. Add each of them as a name of its own."),
             value);
  else if (strchr (value, '@') == NULL)
    invalid (error, _ ("“%s” is not an e-mail address: the “@” is missing."), value);
  else
    return TRUE;

  return FALSE;
}

static char *
email_to_ascii (const char *value, GError **error)
{
  g_autofree char *local = NULL;
  g_autofree char *host = NULL;
  g_autofree char *ascii = NULL;
  const char *at = strrchr (value, '@');

  if (!check_email_form (value, error))
    return NULL;
  if (*value != '"' && strchr (value, '@') != at)
    return invalid (error, _ ("“%s” has more than one “@”."), value);
  if (at[1] == '\0')
    return invalid (error, _ ("“%s” has nothing after the “@”."), value);

  local = g_strndup (value, (gsize) (at - value));
  if (!check_local_part (local, value, error))
    return NULL;
  if (has_blank (at + 1))
    return invalid (error, _ ("“%s” has a blank in it. Remove it."), value);
  if (is_ip (at + 1) || at[1] == '[')
    return invalid (
        error, _ ("“%s” has an IP address after the “@”. A host name must stand there."), value);
  host = host_to_ascii (at + 1, error);
  if (host == NULL)
    return NULL;

  ascii = g_strconcat (local, "@", host, NULL);
  if (strlen (ascii) > MAX_EMAIL)
    return invalid (
        error,
        ngettext (
            "“%1$s” is too long for an e-mail address: at most %2$d character is permitted.",
            "“%1$s” is too long for an e-mail address: at most %2$d characters are permitted.",
            MAX_EMAIL),
        value, MAX_EMAIL);

  return g_steal_pointer (&ascii);
}

static char *
ip_to_ascii (const char *value, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (value);

  if (address != NULL)
    return g_inet_address_to_string (address);

  if (has_blank (value))
    return invalid (error, _ ("“%s” has a blank in it. Remove it."), value);
  if (strchr (value, '/') != NULL)
    return invalid (error,
                    _ ("“%s” is a network. Type a single address, without “/” and what "
                       "follows."),
                    value);
  if (strchr (value, '%') != NULL)
    return invalid (error, _ ("“%s” names a network card. Type only the address, up to the “%%”."),
                    value);
  if (*value == '[')
    return invalid (error, _ ("“%s” has brackets around it. Type only the address between them."),
                    value);
  if (strspn (value, "0123456789.:") == strlen (value) && strchr (value, '.') != NULL)
    return invalid (error,
                    _ ("“%s” is not an IP address: it takes four numbers from 0 to 255, as in "
                       "192.0.2.10."),
                    value);
  if (strchr (value, ':') == NULL)
    return invalid (
        error, _ ("“%s” is not an IP address. If it is a host name, choose “Host name”."), value);

  return invalid (error, _ ("“%s” is not an IP address, such as 192.0.2.10 or 2001:db8::10."),
                  value);
}

static gboolean
check_uri_characters (const char *value, GError **error)
{
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    {
      gboolean escape = *p == '%';

      if (g_unichar_isspace (g_utf8_get_char (p)))
        invalid (error, _ ("“%s” has a blank in it. Write it as “%%20”, or remove it."), value);
      else if (escape && (!g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2])))
        invalid (error, _ ("“%s” has a “%%” in it without the two digits that belong to it."),
                 value);
      else if (strchr ("\"<>\\^`{|}", *p) != NULL)
        invalid (error, _ ("“%1$s” has “%2$c” in it, which a URI cannot contain."), value, *p);
      else
        continue;
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_uri_form (const char *value, GError **error)
{
  g_autofree char *scheme = g_uri_parse_scheme (value);

  if (scheme != NULL && value[strlen (scheme) + 1] != '\0')
    return TRUE;

  if (scheme != NULL)
    invalid (error, _ ("“%s” has nothing after the “:”."), value);
  else if (strchr (value, '@') != NULL)
    invalid (error, _ ("“%s” looks like an e-mail address. Choose “E-mail address”."), value);
  else
    invalid (error,
             _ ("“%s” is not a complete URI: it starts with what comes before the “:”, as in "
                "https://www.example.com/."),
             value);

  return FALSE;
}

static char *
uri_host_to_ascii (const char *host, GError **error)
{
  /* What GUri leaves of an IPv6 address is without its brackets. */
  return is_ip (host) ? g_strdup (host) : host_to_ascii (host, error);
}

/* RFC 5280, 4.2.1.6: absolute, and if there is an authority, with a host in it. */
static char *
uri_to_ascii (const char *value, GError **error)
{
  const GUriFlags flags = G_URI_FLAGS_ENCODED;
  g_autofree char *scheme = NULL, *userinfo = NULL, *host = NULL, *path = NULL, *query = NULL;
  g_autofree char *fragment = NULL, *ascii_host = NULL, *joined = NULL;
  int port = -1;

  if (!check_uri_characters (value, error) || !check_uri_form (value, error))
    return NULL;
  if (!g_uri_split (value, flags, &scheme, &userinfo, &host, &port, &path, &query, &fragment, NULL))
    return invalid (error, _ ("“%s” is not a URI, such as https://www.example.com/."), value);

  if (host != NULL && *host != '\0')
    {
      ascii_host = uri_host_to_ascii (host, error);
      if (ascii_host == NULL)
        return NULL;
    }
  else if (strstr (value, "://") != NULL && *path != '/')
    return invalid (error, _ ("“%s” has no host name after the “//”."), value);
  if (g_str_is_ascii (value))
    return g_strdup (value);

  /* An empty host is one all the same: without it, a path could be taken for a host. */
  if (host != NULL && *host == '\0')
    ascii_host = g_strdup ("");
  joined = g_uri_join (flags, scheme, userinfo, ascii_host, port, path, query, fragment);

  return g_uri_escape_string (
      joined,
      G_URI_RESERVED_CHARS_GENERIC_DELIMITERS G_URI_RESERVED_CHARS_SUBCOMPONENT_DELIMITERS "%",
      FALSE);
}

static char *
upn_to_ascii (const char *value, GError **error)
{
  const char *at = strchr (value, '@');

  if (strchr (value, '\\') != NULL)
    return invalid (error,
                    _ ("“%s” is the older form of a user name. Type it as in "
                       "steve@example.com."),
                    value);
  if (at == NULL)
    return invalid (error, _ ("“%s” is not a user principal name: the “@” is missing."), value);
  if (has_blank (value))
    return invalid (error, _ ("“%s” has a blank in it. Remove it."), value);
  if (strchr (at + 1, '@') != NULL)
    return invalid (error, _ ("“%s” has more than one “@”."), value);
  if (at == value)
    return invalid (error, _ ("“%s” has nothing before the “@”."), value);
  if (at[1] == '\0')
    return invalid (error, _ ("“%s” has nothing after the “@”."), value);
  if (at[1] == '.' || g_str_has_suffix (value, ".") || strstr (at, "..") != NULL)
    return invalid (error, _ ("“%s” has a dot too many."), value);

  return g_strdup (value);
}

static char *
other_to_ascii (const char *value, GError **error)
{
  const char *semicolon = strchr (value, ';');
  g_autofree char *oid = NULL;

  if (semicolon == NULL)
    return invalid (error,
                    _ ("“%s” is not complete. Type an object identifier, a “;” and the text, "
                       "as in 1.3.6.1.4.1.311.20.2.3;text."),
                    value);
  if (semicolon[1] == '\0')
    return invalid (error, _ ("“%s” has no text after the “;”."), value);

  oid = g_strndup (value, (gsize) (semicolon - value));
  if (!cw_oid_check (oid, error))
    return NULL;

  return g_strdup (value);
}

static char *
unknown_to_ascii (const char *value, GError **error)
{
  return invalid (error, _ ("“%s” is of a kind that cannot be asked for. Remove it."), value);
}

static ASN1_OCTET_STRING *
make_address (const char *ascii)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (ascii);
  ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new ();

  if (octets != NULL && ASN1_OCTET_STRING_set (octets, g_inet_address_to_bytes (address),
                                               (int) g_inet_address_get_native_size (address)) == 1)
    return octets;

  ASN1_OCTET_STRING_free (octets);

  return NULL;
}

static ASN1_STRING *
make_string (int type, const char *text)
{
  ASN1_STRING *string = ASN1_STRING_type_new (type);

  if (string != NULL && ASN1_STRING_set (string, text, -1) == 1)
    return string;

  ASN1_STRING_free (string);

  return NULL;
}

static gboolean
set_other_name (GENERAL_NAME *name, const char *oid, const char *text)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);
  ASN1_STRING *string = make_string (V_ASN1_UTF8STRING, text);
  ASN1_TYPE *type = ASN1_TYPE_new ();

  if (object == NULL || string == NULL || type == NULL)
    {
      ASN1_STRING_free (string);
      ASN1_TYPE_free (type);
      return FALSE;
    }
  ASN1_TYPE_set (type, V_ASN1_UTF8STRING, string);
  if (GENERAL_NAME_set0_othername (name, object, type) != 1)
    {
      ASN1_TYPE_free (type);
      return FALSE;
    }
  /* The name owns it now. */
  g_steal_pointer (&object);

  return TRUE;
}

static gboolean
set_value (GENERAL_NAME *name, int type, gpointer value)
{
  if (value == NULL)
    return FALSE;

  GENERAL_NAME_set0_value (name, type, value);

  return TRUE;
}

static gboolean
fill_general_name (GENERAL_NAME *name, CwAltNameKind kind, const char *ascii)
{
  g_autofree char *oid = NULL;
  const char *semicolon;

  switch (kind)
    {
    case CW_ALT_NAME_EMAIL:
      return set_value (name, GEN_EMAIL, make_string (V_ASN1_IA5STRING, ascii));
    case CW_ALT_NAME_DNS:
      return set_value (name, GEN_DNS, make_string (V_ASN1_IA5STRING, ascii));
    case CW_ALT_NAME_URI:
      return set_value (name, GEN_URI, make_string (V_ASN1_IA5STRING, ascii));
    case CW_ALT_NAME_IP:
      return set_value (name, GEN_IPADD, make_address (ascii));
    case CW_ALT_NAME_UPN:
      return set_other_name (name, OID_UPN, ascii);
    case CW_ALT_NAME_OTHER:
      semicolon = strchr (ascii, ';');
      oid = g_strndup (ascii, (gsize) (semicolon - ascii));
      return set_other_name (name, oid, semicolon + 1);
    case CW_ALT_NAME_UNKNOWN:
    default:
      return FALSE;
    }
}

static CwAltName *
alt_name_new_taking (CwAltNameKind kind, char *value)
{
  CwAltName *self = g_object_new (CW_TYPE_ALT_NAME, NULL);

  self->kind = kind;
  self->value = value;

  return self;
}

static char *
read_string (const ASN1_STRING *string)
{
  return cw_text_escape_hidden ((const char *) ASN1_STRING_get0_data (string),
                                (gsize) ASN1_STRING_length (string));
}

/* As RFC 4514, 2.4, writes what is no text. */
static char *
data_to_hex (const unsigned char *data, int length)
{
  GString *hex = g_string_new ("#");

  for (int i = 0; i < length; i++)
    g_string_append_printf (hex, "%02X", data[i]);

  return g_string_free (hex, FALSE);
}

static CwAltName *
read_address (const ASN1_OCTET_STRING *octets)
{
  const guint8 *data = ASN1_STRING_get0_data (octets);
  int length = ASN1_STRING_length (octets);
  g_autoptr (GInetAddress) address = NULL;

  if (length != 4 && length != 16)
    return alt_name_new_taking (CW_ALT_NAME_UNKNOWN, data_to_hex (data, length));

  address = g_inet_address_new_from_bytes (data, length == 4 ? G_SOCKET_FAMILY_IPV4
                                                             : G_SOCKET_FAMILY_IPV6);

  return alt_name_new_taking (CW_ALT_NAME_IP, g_inet_address_to_string (address));
}

static CwAltName *
read_odd_other_name (const char *oid, const ASN1_TYPE *value)
{
  unsigned char *der = NULL;
  int length = i2d_ASN1_TYPE (value, &der);
  g_autofree char *hex = data_to_hex (der, length);

  OPENSSL_free (der);

  return alt_name_new_taking (CW_ALT_NAME_UNKNOWN, g_strdup_printf ("%s;%s", oid, hex));
}

static CwAltName *
read_other_name (const OTHERNAME *other)
{
  g_autofree char *oid = cw_oid_from_object (other->type_id);
  g_autofree char *text = NULL;

  if (other->value->type != V_ASN1_UTF8STRING)
    return read_odd_other_name (oid, other->value);

  text = read_string (other->value->value.utf8string);
  if (g_str_equal (oid, OID_UPN))
    return alt_name_new_taking (CW_ALT_NAME_UPN, g_steal_pointer (&text));

  return alt_name_new_taking (CW_ALT_NAME_OTHER, g_strdup_printf ("%s;%s", oid, text));
}

static CwAltName *
read_directory_name (const X509_NAME *name)
{
  g_autoptr (CwSubject) subject = cw_subject_new_for_name (name);

  return alt_name_new_taking (CW_ALT_NAME_UNKNOWN, cw_subject_to_string (subject));
}

static CwAltName *
read_unknown (const GENERAL_NAME *name)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *text = NULL;
  long length;

  if (bio == NULL || GENERAL_NAME_print (bio, (GENERAL_NAME *) name) != 1)
    return alt_name_new_taking (CW_ALT_NAME_UNKNOWN, g_strdup (""));
  length = BIO_get_mem_data (bio, &text);

  return alt_name_new_taking (CW_ALT_NAME_UNKNOWN, cw_text_escape_hidden (text, (gsize) length));
}

/* Of the kinds that become an otherName: "OID;text", which is all that is encoded. */
static char *
get_other_name (CwAltName *self)
{
  if (self->kind == CW_ALT_NAME_UPN)
    return g_strconcat (OID_UPN, ";", self->value, NULL);

  return self->kind == CW_ALT_NAME_OTHER ? g_strdup (self->value) : NULL;
}

/* A host name with a dot that a person would take for one: its end is a word, not a number. */
static gboolean
is_plain_host (const char *ascii)
{
  const char *last = strrchr (ascii, '.');

  if (last == NULL || strlen (last + 1) < 2)
    return FALSE;

  return g_str_has_prefix (last + 1, "xn--") ||
         strspn (last + 1, "abcdefghijklmnopqrstuvwxyz") == strlen (last + 1);
}

static void
cw_alt_name_finalize (GObject *object)
{
  CwAltName *self = CW_ALT_NAME (object);

  g_free (self->value);

  G_OBJECT_CLASS (cw_alt_name_parent_class)->finalize (object);
}

static void
cw_alt_name_class_init (CwAltNameClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = cw_alt_name_finalize;
}

static void
cw_alt_name_init (CwAltName *self)
{
}

const char *
cw_alt_name_kind_get_id (CwAltNameKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), NULL);

  return kinds[kind].id;
}

gboolean
cw_alt_name_kind_from_id (const char *id, CwAltNameKind *kind)
{
  g_return_val_if_fail (kind != NULL, FALSE);

  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].id, id))
      {
        *kind = (CwAltNameKind) i;
        return TRUE;
      }

  return FALSE;
}

const char *
cw_alt_name_kind_get_title (CwAltNameKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), NULL);

  return _ (kinds[kind].title);
}

CwAltName *
cw_alt_name_new (CwAltNameKind kind, const char *value)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), NULL);
  g_return_val_if_fail (value != NULL, NULL);

  return alt_name_new_taking (kind, g_strdup (value));
}

CwAltNameKind
cw_alt_name_get_kind (CwAltName *self)
{
  g_return_val_if_fail (CW_IS_ALT_NAME (self), CW_ALT_NAME_UNKNOWN);

  return self->kind;
}

const char *
cw_alt_name_get_value (CwAltName *self)
{
  g_return_val_if_fail (CW_IS_ALT_NAME (self), NULL);

  return self->value;
}

gboolean
cw_alt_name_check (CwAltName *self, GError **error)
{
  g_autofree char *ascii = cw_alt_name_to_ascii (self, error);

  return ascii != NULL;
}

char *
cw_alt_name_to_ascii (CwAltName *self, GError **error)
{
  g_return_val_if_fail (CW_IS_ALT_NAME (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_characters (self->value, error))
    return NULL;

  return kinds[self->kind].to_ascii (self->value, error);
}

gboolean
cw_alt_name_equal (CwAltName *a, CwAltName *b)
{
  g_autofree char *other_a = NULL;
  g_autofree char *other_b = NULL;
  GENERAL_NAME *name_a;
  GENERAL_NAME *name_b;
  gboolean equal;

  g_return_val_if_fail (CW_IS_ALT_NAME (a), FALSE);
  g_return_val_if_fail (CW_IS_ALT_NAME (b), FALSE);

  if (a->kind == b->kind && g_str_equal (a->value, b->value))
    return TRUE;

  /* A certificate's may be one that cannot be asked for: "DOMAIN\\user" as a UPN. */
  other_a = get_other_name (a);
  other_b = get_other_name (b);
  if (other_a != NULL && g_strcmp0 (other_a, other_b) == 0)
    return TRUE;

  name_a = cw_alt_name_to_general_name (a, NULL);
  name_b = cw_alt_name_to_general_name (b, NULL);
  equal = name_a != NULL && name_b != NULL && GENERAL_NAME_cmp (name_a, name_b) == 0;
  GENERAL_NAME_free (name_a);
  GENERAL_NAME_free (name_b);

  return equal;
}

CwAltName *
cw_alt_name_guess (const char *text)
{
  static const CwAltNameKind candidates[] = { CW_ALT_NAME_IP, CW_ALT_NAME_EMAIL, CW_ALT_NAME_DNS };
  g_autofree char *trimmed = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_strdup (text));
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      g_autoptr (CwAltName) name = cw_alt_name_new (candidates[i], trimmed);
      g_autofree char *ascii = cw_alt_name_to_ascii (name, NULL);

      if (ascii != NULL && (candidates[i] == CW_ALT_NAME_IP || is_plain_host (ascii)))
        return g_steal_pointer (&name);
    }

  return NULL;
}

CwAltName *
cw_alt_name_new_for_general_name (const GENERAL_NAME *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  switch (name->type)
    {
    case GEN_EMAIL:
      return alt_name_new_taking (CW_ALT_NAME_EMAIL, read_string (name->d.rfc822Name));
    case GEN_DNS:
      return alt_name_new_taking (CW_ALT_NAME_DNS, read_string (name->d.dNSName));
    case GEN_URI:
      return alt_name_new_taking (CW_ALT_NAME_URI, read_string (name->d.uniformResourceIdentifier));
    case GEN_IPADD:
      return read_address (name->d.iPAddress);
    case GEN_OTHERNAME:
      return read_other_name (name->d.otherName);
    case GEN_DIRNAME:
      return read_directory_name (name->d.directoryName);
    default:
      return read_unknown (name);
    }
}

GENERAL_NAME *
cw_alt_name_to_general_name (CwAltName *self, GError **error)
{
  g_autofree char *ascii = NULL;
  GENERAL_NAME *name;

  g_return_val_if_fail (CW_IS_ALT_NAME (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ascii = cw_alt_name_to_ascii (self, error);
  if (ascii == NULL)
    return NULL;

  ERR_clear_error ();
  name = GENERAL_NAME_new ();
  if (name != NULL && fill_general_name (name, self->kind, ascii))
    return name;

  GENERAL_NAME_free (name);
  cw_error_set_openssl (error, CW_ERROR_FAILED, _ ("“%s” cannot be put into a request."),
                        self->value);

  return NULL;
}
