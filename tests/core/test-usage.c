/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/objects.h>

#include "cw-error.h"
#include "cw-usage.h"

static void
test_usage_order (void)
{
  static const char *const offered[] = { "clientAuth", "serverAuth", "emailProtection",
                                         "codeSigning", "msSmartcardLogin" };
  guint n_usages;
  const CwUsage *usages = cw_usages (&n_usages);

  g_assert_cmpuint (cw_usages_n_offered (), ==, G_N_ELEMENTS (offered));
  g_assert_cmpuint (n_usages, >, G_N_ELEMENTS (offered));
  for (guint i = 0; i < G_N_ELEMENTS (offered); i++)
    g_assert_cmpstr (usages[i].id, ==, offered[i]);
}

/* OpenSSL is asked whether ids and numbers belong together. */
static void
test_usage_known (void)
{
  guint n_usages;
  const CwUsage *usages = cw_usages (&n_usages);

  for (guint i = 0; i < n_usages; i++)
    {
      int nid = OBJ_txt2nid (usages[i].oid);

      g_assert_cmpint (nid, !=, NID_undef);
      g_assert_cmpstr (OBJ_nid2sn (nid), ==, usages[i].id);
      g_assert_cmpint (strlen (usages[i].title), >, 0);
      g_assert_true (cw_oid_check (usages[i].oid, NULL));
      g_assert_true (cw_usage_find (usages[i].id) == &usages[i]);
      g_assert_true (cw_usage_find (usages[i].oid) == &usages[i]);
    }
}

static void
test_usage_find (void)
{
  g_assert_cmpstr (cw_usage_find ("clientauth")->oid, ==, CW_USAGE_CLIENT_AUTH);
  g_assert_cmpstr (cw_usage_find (CW_USAGE_SERVER_AUTH)->id, ==, "serverAuth");
  g_assert_cmpstr (cw_usage_find ("smartcardLogon")->id, ==, "msSmartcardLogin");
  g_assert_cmpstr (cw_usage_find (CW_USAGE_ANY)->id, ==, "anyExtendedKeyUsage");
  g_assert_null (cw_usage_find ("1.2.3"));
  g_assert_null (cw_usage_find (""));
}

static void
test_usage_title (void)
{
  g_assert_cmpstr (cw_usage_get_title (CW_USAGE_CLIENT_AUTH), ==,
                   "Prove who is calling (client authentication)");
  g_assert_cmpstr (cw_usage_get_title ("1.2.3"), ==, "1.2.3");
}

static void
test_usages_only_serve (void)
{
  static const struct
  {
    const char *usages[4];
    gboolean only_serves;
  } cases[] = {
    { { NULL }, FALSE },
    { { CW_USAGE_SERVER_AUTH }, TRUE },
    { { CW_USAGE_CLIENT_AUTH }, FALSE },
    { { CW_USAGE_SERVER_AUTH, CW_USAGE_CLIENT_AUTH }, FALSE },
    { { "1.2.3", CW_USAGE_SERVER_AUTH }, TRUE },
    { { CW_USAGE_ANY, CW_USAGE_SERVER_AUTH }, TRUE },
    { { CW_USAGE_ANY }, FALSE },
    { { "1.2.3" }, FALSE },
  };

  g_assert_false (cw_usages_only_serve (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (cw_usages_only_serve (cases[i].usages), ==, cases[i].only_serves);
}

static void
test_oid_valid (void)
{
  static const char *const oids[] = { "0.0",
                                      "0.39",
                                      "1.39.1",
                                      "2.5.29.37.0",
                                      "2.999.1",
                                      "1.3.6.1.4.1.99999.1",
                                      "2.25.329800735698586629295641978511506172918" };

  for (guint i = 0; i < G_N_ELEMENTS (oids); i++)
    {
      g_autoptr (GError) error = NULL;
      ASN1_OBJECT *object = OBJ_txt2obj (oids[i], 1);

      g_assert_true (cw_oid_check (oids[i], &error));
      g_assert_no_error (error);
      /* And OpenSSL can encode it. */
      g_assert_nonnull (object);
      ASN1_OBJECT_free (object);
    }
}

static void
test_oid_invalid (void)
{
  static const char *const oids[] = {
    "",      "1",      "3.1",   "0.40",  "1.40.1", "1..2",   ".1.2",   "1.2.",
    "1.2.a", "1.02.3", "01.2",  "1.2 ",  " 1.2",   "1.-2",   "1.2.+3", "clientAuth",
    "1,2,3", "10.1.2", "1.100", "1.2;x", "1.2\n",  "1.2.3é", "１.2",   "1.2\xff"
  };

  for (guint i = 0; i < G_N_ELEMENTS (oids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (cw_oid_check (oids[i], &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_oid_null (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_oid_check (NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_oid_too_long (void)
{
  g_autofree char *digits = g_strnfill (300, '1');
  g_autofree char *oid = g_strconcat ("1.2.", digits, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_oid_check (oid, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/usage/order", test_usage_order);
  g_test_add_func ("/usage/known", test_usage_known);
  g_test_add_func ("/usage/find", test_usage_find);
  g_test_add_func ("/usage/title", test_usage_title);
  g_test_add_func ("/usage/only-serve", test_usages_only_serve);
  g_test_add_func ("/oid/valid", test_oid_valid);
  g_test_add_func ("/oid/invalid", test_oid_invalid);
  g_test_add_func ("/oid/null", test_oid_null);
  g_test_add_func ("/oid/too-long", test_oid_too_long);

  return g_test_run ();
}
