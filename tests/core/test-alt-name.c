/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-error.h"
#include "cw-openssl.h"

typedef struct
{
  CwAltNameKind kind;
  const char *value;
  const char *ascii;
} ValidCase;

typedef struct
{
  CwAltNameKind kind;
  const char *value;
  const char *words; /* in the sentence */
} InvalidCase;

static const ValidCase valid_cases[] = {
  { CW_ALT_NAME_EMAIL, "steve@example.com", "steve@example.com" },
  { CW_ALT_NAME_EMAIL, "Steve.O'Neil+x@Example.COM", "Steve.O'Neil+x@example.com" },
  { CW_ALT_NAME_EMAIL, "steve@münchen.example", "steve@xn--mnchen-3ya.example" },
  { CW_ALT_NAME_EMAIL, "root@localhost", "root@localhost" },
  { CW_ALT_NAME_EMAIL, "\"steve smith\"@example.com", "\"steve smith\"@example.com" },
  { CW_ALT_NAME_EMAIL, "\"a@b,\\\"c\\\\\"@example.com", "\"a@b,\\\"c\\\\\"@example.com" },
  { CW_ALT_NAME_DNS, "example.com", "example.com" },
  { CW_ALT_NAME_DNS, "localhost", "localhost" },
  { CW_ALT_NAME_DNS, "WWW.Example.COM", "www.example.com" },
  { CW_ALT_NAME_DNS, "*.example.com", "*.example.com" },
  { CW_ALT_NAME_DNS, "*.a.example.com", "*.a.example.com" },
  { CW_ALT_NAME_DNS, "3com.example", "3com.example" },
  { CW_ALT_NAME_DNS, "a-b--c.example", "a-b--c.example" },
  { CW_ALT_NAME_DNS, "münchen.example", "xn--mnchen-3ya.example" },
  { CW_ALT_NAME_DNS, "MÜNCHEN.example", "xn--mnchen-3ya.example" },
  { CW_ALT_NAME_DNS, "*.münchen.example", "*.xn--mnchen-3ya.example" },
  { CW_ALT_NAME_DNS, "xn--mnchen-3ya.example", "xn--mnchen-3ya.example" },
  { CW_ALT_NAME_DNS, "例え。テスト", "xn--r8jz45g.xn--zckzah" },
  { CW_ALT_NAME_IP, "192.0.2.10", "192.0.2.10" },
  { CW_ALT_NAME_IP, "2001:DB8:0:0:0:0:0:10", "2001:db8::10" },
  { CW_ALT_NAME_IP, "::1", "::1" },
  { CW_ALT_NAME_IP, "::", "::" },
  { CW_ALT_NAME_URI, "https://www.example.com/a?b#c", "https://www.example.com/a?b#c" },
  { CW_ALT_NAME_URI, "https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/" },
  { CW_ALT_NAME_URI, "spiffe://example.org/ns/a/sa/b", "spiffe://example.org/ns/a/sa/b" },
  { CW_ALT_NAME_URI, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6" },
  { CW_ALT_NAME_URI, "mailto:steve@example.com", "mailto:steve@example.com" },
  { CW_ALT_NAME_URI, "file:///etc/hosts", "file:///etc/hosts" },
  { CW_ALT_NAME_URI, "file:///é", "file:///%C3%A9" },
  { CW_ALT_NAME_URI, "file:////é", "file:////%C3%A9" },
  { CW_ALT_NAME_URI, "https://münchen.example/straße?ü=%20#x",
    "https://xn--mnchen-3ya.example/stra%C3%9Fe?%C3%BC=%20#x" },
  { CW_ALT_NAME_UPN, "steve@example.com", "steve@example.com" },
  { CW_ALT_NAME_UPN, "stéve@corp.exämple", "stéve@corp.exämple" },
  { CW_ALT_NAME_OTHER, "1.2.3.4;some text; and more", "1.2.3.4;some text; and more" },
  { CW_ALT_NAME_OTHER, "1.3.6.1.5.5.7.8.9;stéve@example.com",
    "1.3.6.1.5.5.7.8.9;stéve@example.com" },
};

static const InvalidCase invalid_cases[] = {
  { CW_ALT_NAME_EMAIL, "", "empty" },
  { CW_ALT_NAME_EMAIL, "steve", "“@” is missing" },
  { CW_ALT_NAME_EMAIL, "steve@example.co m", "“steve@example.co m” has a blank in it" },
  { CW_ALT_NAME_EMAIL, "st eve@example.com", "has a blank in it" },
  { CW_ALT_NAME_EMAIL, "steve@example.com ", "ends with a blank" },
  { CW_ALT_NAME_EMAIL, " steve@example.com", "starts with a blank" },
  { CW_ALT_NAME_EMAIL, "steve@example.com\n", "cannot be seen" },
  { CW_ALT_NAME_EMAIL, "steve@example\xe2\x80\x8b.com", "cannot be seen" },
  { CW_ALT_NAME_EMAIL, "steve@\xff.com", "UTF-8" },
  { CW_ALT_NAME_EMAIL, "@example.com", "nothing before" },
  { CW_ALT_NAME_EMAIL, "steve@", "nothing after" },
  { CW_ALT_NAME_EMAIL, "a@b@example.com", "more than one" },
  { CW_ALT_NAME_EMAIL, "stéve@example.com", "letters before" },
  { CW_ALT_NAME_EMAIL, ".steve@example.com", "dot too many before" },
  { CW_ALT_NAME_EMAIL, "steve.@example.com", "dot too many before" },
  { CW_ALT_NAME_EMAIL, "st..eve@example.com", "dot too many before" },
  { CW_ALT_NAME_EMAIL, "st(ev)e@example.com", "character before" },
  { CW_ALT_NAME_EMAIL, "\"steve@example.com", "character before" },
  { CW_ALT_NAME_EMAIL, "\"a\"b\"@example.com", "character before" },
  { CW_ALT_NAME_EMAIL, "\"a\\\"@example.com", "character before" },
  { CW_ALT_NAME_EMAIL, "steve@example..com", "dot too many" },
  { CW_ALT_NAME_EMAIL, "steve@example.com.", "ends with a dot" },
  { CW_ALT_NAME_EMAIL, "steve@exa_mple.com", "“_”" },
  { CW_ALT_NAME_EMAIL, "steve@192.0.2.1", "IP address" },
  { CW_ALT_NAME_EMAIL, "steve@[192.0.2.1]", "IP address" },
  { CW_ALT_NAME_EMAIL, "steve@*.example.com", "only letters" },
  { CW_ALT_NAME_EMAIL, "Steve <steve@example.com>", "between" },
  { CW_ALT_NAME_EMAIL, "mailto:steve@example.com", "without “mailto:”" },
  { CW_ALT_NAME_EMAIL, "a@example.com, b@example.com", "several" },
  { CW_ALT_NAME_DNS, "", "empty" },
  { CW_ALT_NAME_DNS, "https://www.example.com/", "address of a page" },
  { CW_ALT_NAME_DNS, "steve@example.com", "E-mail address" },
  { CW_ALT_NAME_DNS, "192.0.2.10", "IP address" },
  { CW_ALT_NAME_DNS, "2001:db8::1", "IP address" },
  { CW_ALT_NAME_DNS, "example.com/path", "path" },
  { CW_ALT_NAME_DNS, "example.com:443", "port" },
  { CW_ALT_NAME_DNS, "my_host.example.com", "“_”" },
  { CW_ALT_NAME_DNS, "my host.example.com", "blank" },
  { CW_ALT_NAME_DNS, "host\t.example.com", "cannot be seen" },
  { CW_ALT_NAME_DNS, "example.com.", "ends with a dot" },
  { CW_ALT_NAME_DNS, ".example.com", "dot too many" },
  { CW_ALT_NAME_DNS, "。", "dot too many" },
  { CW_ALT_NAME_DNS, "example..com", "dot too many" },
  { CW_ALT_NAME_DNS, "-a.example.com", "“-” cannot" },
  { CW_ALT_NAME_DNS, "a-.example.com", "“-” cannot" },
  { CW_ALT_NAME_DNS, "a!.example.com", "only letters" },
  { CW_ALT_NAME_DNS, "*", "“*”" },
  { CW_ALT_NAME_DNS, "*.com", "covers too much" },
  { CW_ALT_NAME_DNS, "*.", "covers too much" },
  { CW_ALT_NAME_DNS, "f*.example.com", "“*”" },
  { CW_ALT_NAME_DNS, "www.*.example.com", "“*”" },
  { CW_ALT_NAME_DNS, "*.*.example.com", "“*”" },
  { CW_ALT_NAME_DNS, "*example.com", "“*”" },
  { CW_ALT_NAME_DNS, "1.2.3", "neither" },
  { CW_ALT_NAME_DNS, "999.999.999.999", "neither" },
  { CW_ALT_NAME_DNS, "straße.example", "“ß”" },
  { CW_ALT_NAME_IP, "", "empty" },
  { CW_ALT_NAME_IP, "192.0.2.256", "from 0 to 255" },
  { CW_ALT_NAME_IP, "192.0.2", "from 0 to 255" },
  { CW_ALT_NAME_IP, "192.0.2.10:443", "from 0 to 255" },
  { CW_ALT_NAME_IP, "192.0.2.0/24", "network" },
  { CW_ALT_NAME_IP, "fe80::1%eth0", "network card" },
  { CW_ALT_NAME_IP, "[::1]", "brackets" },
  { CW_ALT_NAME_IP, "example.com", "Host name" },
  { CW_ALT_NAME_IP, "192.0.2.1 0", "blank" },
  { CW_ALT_NAME_IP, "1::2::3", "not an IP address" },
  { CW_ALT_NAME_URI, "", "empty" },
  { CW_ALT_NAME_URI, "www.example.com", "not a complete URI" },
  { CW_ALT_NAME_URI, "/path", "not a complete URI" },
  { CW_ALT_NAME_URI, "steve@example.com", "E-mail address" },
  { CW_ALT_NAME_URI, "https:", "nothing after" },
  { CW_ALT_NAME_URI, "https://", "no host name" },
  { CW_ALT_NAME_URI, "https://www.example.com/a b", "%20" },
  { CW_ALT_NAME_URI, "https://www.example.com/%zz", "two digits" },
  { CW_ALT_NAME_URI, "https://www.example.com/%2", "two digits" },
  { CW_ALT_NAME_URI, "https://www.example.com/<a>", "“<”" },
  { CW_ALT_NAME_URI, "https://my_host.example.com/", "“_”" },
  { CW_ALT_NAME_URI, "https://example.com:port/", "not a URI" },
  { CW_ALT_NAME_URI, "C:\\Windows", "“\\”" },
  { CW_ALT_NAME_UPN, "", "empty" },
  { CW_ALT_NAME_UPN, "steve", "“@” is missing" },
  { CW_ALT_NAME_UPN, "CORP\\steve", "older form" },
  { CW_ALT_NAME_UPN, "a@b@example.com", "more than one" },
  { CW_ALT_NAME_UPN, "@example.com", "nothing before" },
  { CW_ALT_NAME_UPN, "steve@", "nothing after" },
  { CW_ALT_NAME_UPN, "st eve@example.com", "blank" },
  { CW_ALT_NAME_UPN, "steve@.example.com", "dot too many" },
  { CW_ALT_NAME_OTHER, "", "empty" },
  { CW_ALT_NAME_OTHER, "1.2.3.4", "not complete" },
  { CW_ALT_NAME_OTHER, "1.2.3.4;", "no text" },
  { CW_ALT_NAME_OTHER, ";text", "object identifier" },
  { CW_ALT_NAME_OTHER, "upn;text", "object identifier" },
  { CW_ALT_NAME_UNKNOWN, "CN = steve", "cannot be asked for" },
};

static void
assert_invalid (CwAltNameKind kind, const char *value, const char *words)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (kind, value);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) ascii_error = NULL;
  g_autoptr (GError) general_error = NULL;

  g_assert_false (cw_alt_name_check (name, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s”: “%s” does not contain “%s”", value, error->message, words);
  g_assert_null (cw_alt_name_to_ascii (name, &ascii_error));
  g_assert_error (ascii_error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_null (cw_alt_name_to_general_name (name, &general_error));
  g_assert_error (general_error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_alt_name_kinds (void)
{
  static const char *const ids[] = { "email", "dns", "ip", "uri", "upn", "other", "unknown" };
  CwAltNameKind kind = CW_ALT_NAME_UPN;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_cmpstr (cw_alt_name_kind_get_id (i), ==, ids[i]);
      g_assert_true (cw_alt_name_kind_from_id (ids[i], &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_false (cw_alt_name_kind_from_id ("EMAIL", &kind));
  g_assert_false (cw_alt_name_kind_from_id (NULL, &kind));
  g_assert_cmpint (kind, ==, CW_ALT_NAME_UNKNOWN);
  g_assert_cmpstr (cw_alt_name_kind_get_title (CW_ALT_NAME_DNS), ==, "Host name");
}

static void
test_alt_name_valid (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (valid_cases); i++)
    {
      const ValidCase *c = &valid_cases[i];
      g_autoptr (CwAltName) name = cw_alt_name_new (c->kind, c->value);
      g_autoptr (GError) error = NULL;
      g_autofree char *ascii = cw_alt_name_to_ascii (name, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (ascii, ==, c->ascii);
      g_assert_true (cw_alt_name_check (name, NULL));
      g_assert_cmpint (cw_alt_name_get_kind (name), ==, c->kind);
      g_assert_cmpstr (cw_alt_name_get_value (name), ==, c->value);
    }
}

static void
test_alt_name_invalid (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid_cases); i++)
    assert_invalid (invalid_cases[i].kind, invalid_cases[i].value, invalid_cases[i].words);
}

static void
test_alt_name_limits (void)
{
  g_autofree char *label_63 = g_strnfill (63, 'a');
  g_autofree char *label_64 = g_strnfill (64, 'a');
  g_autofree char *label_61 = g_strnfill (61, 'b');
  g_autofree char *host_253 = g_strjoin (".", label_63, label_63, label_63, label_61, NULL);
  g_autofree char *host_254 = g_strjoin (".", label_63, label_63, label_63, label_63, "a", NULL);
  g_autofree char *wildcard = g_strconcat ("*.", host_253, NULL);
  g_autofree char *bad_label = g_strconcat (label_64, ".example", NULL);
  g_autofree char *local_64 = g_strconcat (label_64, "@example.com", NULL);
  g_autofree char *local_65 = g_strconcat ("a", label_64, "@example.com", NULL);
  g_autofree char *long_email = g_strconcat ("ab@", host_253, NULL);
  g_autofree char *long_text = g_strnfill (5000, 'a');
  g_autoptr (CwAltName) host = cw_alt_name_new (CW_ALT_NAME_DNS, host_253);
  g_autoptr (CwAltName) email = cw_alt_name_new (CW_ALT_NAME_EMAIL, local_64);

  g_assert_true (cw_alt_name_check (host, NULL));
  g_assert_true (cw_alt_name_check (email, NULL));
  assert_invalid (CW_ALT_NAME_DNS, host_254, "too long");
  assert_invalid (CW_ALT_NAME_DNS, wildcard, "too long");
  assert_invalid (CW_ALT_NAME_DNS, bad_label, "at most 63");
  assert_invalid (CW_ALT_NAME_EMAIL, local_65, "at most 64");
  assert_invalid (CW_ALT_NAME_EMAIL, long_email, "too long");
  assert_invalid (CW_ALT_NAME_DNS, long_text, "too long");
}

/* Through DER and back, as a request and a certificate do it. */
static void
test_alt_name_round_trip (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (valid_cases); i++)
    {
      const ValidCase *c = &valid_cases[i];
      g_autoptr (CwAltName) name = cw_alt_name_new (c->kind, c->value);
      g_autoptr (GError) error = NULL;
      GENERAL_NAME *general = cw_alt_name_to_general_name (name, &error);
      g_autoptr (CwAltName) again = NULL;
      const unsigned char *data;
      unsigned char *der = NULL;
      int length;

      g_assert_no_error (error);
      length = i2d_GENERAL_NAME (general, &der);
      GENERAL_NAME_free (general);
      data = der;
      general = d2i_GENERAL_NAME (NULL, &data, length);
      again = cw_alt_name_new_for_general_name (general);
      GENERAL_NAME_free (general);
      OPENSSL_free (der);

      g_assert_cmpint (cw_alt_name_get_kind (again), ==, c->kind);
      g_assert_cmpstr (cw_alt_name_get_value (again), ==, c->ascii);
      g_assert_true (cw_alt_name_equal (name, again));
    }
}

static CwAltName *
read_name (const char *type, const char *value)
{
  /* OpenSSL's own writer, so that ours is not the judge of itself. */
  GENERAL_NAME *general = a2i_GENERAL_NAME (NULL, NULL, NULL,
                                            g_str_equal (type, "email") ? GEN_EMAIL
                                            : g_str_equal (type, "dns") ? GEN_DNS
                                            : g_str_equal (type, "ip")  ? GEN_IPADD
                                            : g_str_equal (type, "uri") ? GEN_URI
                                                                        : GEN_RID,
                                            (char *) value, 0);
  CwAltName *name;

  g_assert_nonnull (general);
  name = cw_alt_name_new_for_general_name (general);
  GENERAL_NAME_free (general);

  return name;
}

static void
test_alt_name_read (void)
{
  g_autoptr (CwAltName) dns = read_name ("dns", "WWW.Example.COM");
  g_autoptr (CwAltName) ip = read_name ("ip", "2001:db8::1");
  g_autoptr (CwAltName) rid = read_name ("rid", "1.2.3.4");
  g_autoptr (CwAltName) trap = read_name ("dns", "a\n\xe2\x80\xae"
                                                 "b\xff");
  g_autoptr (CwAltName) lower = cw_alt_name_new (CW_ALT_NAME_DNS, "www.example.com");

  g_assert_cmpstr (cw_alt_name_get_value (dns), ==, "WWW.Example.COM");
  g_assert_true (cw_alt_name_equal (dns, lower));
  g_assert_cmpint (cw_alt_name_get_kind (ip), ==, CW_ALT_NAME_IP);
  g_assert_cmpstr (cw_alt_name_get_value (ip), ==, "2001:db8::1");
  g_assert_cmpint (cw_alt_name_get_kind (rid), ==, CW_ALT_NAME_UNKNOWN);
  g_assert_nonnull (strstr (cw_alt_name_get_value (rid), "1.2.3.4"));
  g_assert_cmpstr (cw_alt_name_get_value (trap), ==, "a\\0A\\E2\\80\\AEb\\FF");
  g_assert_false (cw_alt_name_check (trap, NULL));
}

/* "good.example\0.evil.example" must not read as good.example. */
static void
test_alt_name_read_nul (void)
{
  GENERAL_NAME *general = GENERAL_NAME_new ();
  ASN1_IA5STRING *string = ASN1_IA5STRING_new ();
  g_autoptr (CwAltName) good = cw_alt_name_new (CW_ALT_NAME_DNS, "good.example");
  g_autoptr (CwAltName) name = NULL;

  ASN1_STRING_set (string, "good.example\0.evil.example", 26);
  GENERAL_NAME_set0_value (general, GEN_DNS, string);
  name = cw_alt_name_new_for_general_name (general);
  GENERAL_NAME_free (general);

  g_assert_cmpstr (cw_alt_name_get_value (name), ==, "good.example\\00.evil.example");
  g_assert_false (cw_alt_name_equal (name, good));
}

static void
test_alt_name_read_odd (void)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  g_autoptr (CwAltName) directory = NULL, address = NULL, other = NULL;
  GENERAL_NAME *general = GENERAL_NAME_new ();
  ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new ();
  ASN1_TYPE *type = ASN1_TYPE_new ();

  cw_subject_append (subject, "CN", "steve");
  GENERAL_NAME_set0_value (general, GEN_DIRNAME, cw_subject_to_name (subject, NULL));
  directory = cw_alt_name_new_for_general_name (general);
  GENERAL_NAME_free (general);
  g_assert_cmpint (cw_alt_name_get_kind (directory), ==, CW_ALT_NAME_UNKNOWN);
  g_assert_cmpstr (cw_alt_name_get_value (directory), ==, "CN = steve");

  general = GENERAL_NAME_new ();
  ASN1_OCTET_STRING_set (octets, (const unsigned char *) "\1\2\3", 3);
  GENERAL_NAME_set0_value (general, GEN_IPADD, octets);
  address = cw_alt_name_new_for_general_name (general);
  GENERAL_NAME_free (general);
  g_assert_cmpint (cw_alt_name_get_kind (address), ==, CW_ALT_NAME_UNKNOWN);
  g_assert_cmpstr (cw_alt_name_get_value (address), ==, "#010203");

  general = GENERAL_NAME_new ();
  ASN1_TYPE_set_octetstring (type, (unsigned char *) "\1\2", 2);
  GENERAL_NAME_set0_othername (general, OBJ_txt2obj ("1.2.3.4", 1), type);
  other = cw_alt_name_new_for_general_name (general);
  GENERAL_NAME_free (general);
  g_assert_cmpint (cw_alt_name_get_kind (other), ==, CW_ALT_NAME_UNKNOWN);
  g_assert_cmpstr (cw_alt_name_get_value (other), ==, "1.2.3.4;#04020102");
}

static gboolean
equal (CwAltNameKind kind_a, const char *a, CwAltNameKind kind_b, const char *b)
{
  g_autoptr (CwAltName) name_a = cw_alt_name_new (kind_a, a);
  g_autoptr (CwAltName) name_b = cw_alt_name_new (kind_b, b);
  gboolean is_equal = cw_alt_name_equal (name_a, name_b);

  g_assert_cmpint (cw_alt_name_equal (name_b, name_a), ==, is_equal);

  return is_equal;
}

static void
test_alt_name_equal (void)
{
  g_assert_true (equal (CW_ALT_NAME_DNS, "a.example", CW_ALT_NAME_DNS, "A.EXAMPLE"));
  g_assert_true (
      equal (CW_ALT_NAME_DNS, "münchen.example", CW_ALT_NAME_DNS, "xn--mnchen-3ya.example"));
  g_assert_true (equal (CW_ALT_NAME_IP, "::1", CW_ALT_NAME_IP, "0:0:0:0:0:0:0:1"));
  g_assert_true (equal (CW_ALT_NAME_EMAIL, "a@B.example", CW_ALT_NAME_EMAIL, "a@b.example"));
  g_assert_true (equal (CW_ALT_NAME_UPN, "a@b.example", CW_ALT_NAME_OTHER,
                        "1.3.6.1.4.1.311.20.2.3;a@b.example"));
  g_assert_true (equal (CW_ALT_NAME_OTHER, "1.3.6.1.4.1.311.20.2.3;text", CW_ALT_NAME_UPN, "text"));
  g_assert_false (equal (CW_ALT_NAME_OTHER, "1.2.3;text", CW_ALT_NAME_UPN, "text"));
  g_assert_true (equal (CW_ALT_NAME_DNS, "not valid", CW_ALT_NAME_DNS, "not valid"));
  g_assert_true (equal (CW_ALT_NAME_UNKNOWN, "x", CW_ALT_NAME_UNKNOWN, "x"));
  g_assert_false (equal (CW_ALT_NAME_EMAIL, "A@b.example", CW_ALT_NAME_EMAIL, "a@b.example"));
  g_assert_false (equal (CW_ALT_NAME_EMAIL, "a@b.example", CW_ALT_NAME_UPN, "a@b.example"));
  g_assert_false (equal (CW_ALT_NAME_DNS, "a.example", CW_ALT_NAME_DNS, "b.example"));
  g_assert_false (equal (CW_ALT_NAME_DNS, "not valid", CW_ALT_NAME_DNS, "neither valid"));
  g_assert_false (equal (CW_ALT_NAME_IP, "127.0.0.1", CW_ALT_NAME_IP, "::ffff:127.0.0.1"));
}

static void
test_alt_name_guess (void)
{
  static const ValidCase guesses[] = {
    { CW_ALT_NAME_EMAIL, "steve@example.com", "steve@example.com" },
    { CW_ALT_NAME_EMAIL, " steve@example.com ", "steve@example.com" },
    { CW_ALT_NAME_DNS, "device.example.com", "device.example.com" },
    { CW_ALT_NAME_DNS, "münchen.example", "münchen.example" },
    { CW_ALT_NAME_DNS, "*.example.com", "*.example.com" },
    { CW_ALT_NAME_IP, "192.0.2.10", "192.0.2.10" },
    { CW_ALT_NAME_IP, "2001:db8::1", "2001:db8::1" },
  };
  static const char *const none[] = { "",
                                      " ",
                                      "Steve Smith",
                                      "localhost",
                                      "v1.2",
                                      "1.2.3",
                                      "Example Inc.",
                                      "steve@localhost",
                                      "steve@",
                                      "https://www.example.com",
                                      "a.b",
                                      "Dr. Smith",
                                      "sensor_1.example.com",
                                      "12:30" };

  for (guint i = 0; i < G_N_ELEMENTS (guesses); i++)
    {
      g_autoptr (CwAltName) name = cw_alt_name_guess (guesses[i].value);

      g_assert_nonnull (name);
      g_assert_cmpint (cw_alt_name_get_kind (name), ==, guesses[i].kind);
      g_assert_cmpstr (cw_alt_name_get_value (name), ==, guesses[i].ascii);
    }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (cw_alt_name_guess (none[i]));
}

static void
test_alt_name_freed (void)
{
  CwAltName *name = cw_alt_name_new (CW_ALT_NAME_DNS, "example.com");

  g_assert_finalize_object (name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alt-name/kinds", test_alt_name_kinds);
  g_test_add_func ("/alt-name/valid", test_alt_name_valid);
  g_test_add_func ("/alt-name/invalid", test_alt_name_invalid);
  g_test_add_func ("/alt-name/limits", test_alt_name_limits);
  g_test_add_func ("/alt-name/round-trip", test_alt_name_round_trip);
  g_test_add_func ("/alt-name/read", test_alt_name_read);
  g_test_add_func ("/alt-name/read-nul", test_alt_name_read_nul);
  g_test_add_func ("/alt-name/read-odd", test_alt_name_read_odd);
  g_test_add_func ("/alt-name/equal", test_alt_name_equal);
  g_test_add_func ("/alt-name/guess", test_alt_name_guess);
  g_test_add_func ("/alt-name/freed", test_alt_name_freed);

  return g_test_run ();
}
