/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>

#include "cw-country.h"
#include "ui-test.h"

static CwCountry *
get (GListModel *countries, const char *code)
{
  guint position = 9999;

  g_assert_true (cw_countries_find (countries, code, &position));
  return g_list_model_get_item (countries, position);
}

static void
test_load (void)
{
  g_autoptr (GListModel) countries = cw_countries_load ();
  g_autoptr (GHashTable) codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (CwCountry) none = g_list_model_get_item (countries, 0);
  const guint n = g_list_model_get_n_items (countries);

  g_assert_cmpuint (n, >, 240);
  g_assert_cmpuint (n, <, 260);
  g_assert_cmpstr (cw_country_get_code (none), ==, "");
  g_assert_cmpstr (cw_country_get_name (none), ==, "None");

  for (guint i = 1; i < n; i++)
    {
      g_autoptr (CwCountry) country = g_list_model_get_item (countries, i);
      const char *code = cw_country_get_code (country);
      g_autofree char *ending = g_strdup_printf (" (%s)", code);

      g_assert_cmpuint (strlen (code), ==, 2);
      g_assert_true (g_ascii_isupper (code[0]) && g_ascii_isupper (code[1]));
      g_assert_true (g_str_has_suffix (cw_country_get_name (country), ending));
      g_assert_true (g_hash_table_add (codes, g_strdup (code)));
    }
}

static void
test_sorted (void)
{
  g_autoptr (GListModel) countries = cw_countries_load ();

  for (guint i = 2; i < g_list_model_get_n_items (countries); i++)
    {
      g_autoptr (CwCountry) above = g_list_model_get_item (countries, i - 1);
      g_autoptr (CwCountry) below = g_list_model_get_item (countries, i);

      g_assert_cmpint (g_utf8_collate (cw_country_get_name (above), cw_country_get_name (below)),
                       <=, 0);
    }
}

static void
test_find (void)
{
  g_autoptr (GListModel) countries = cw_countries_load ();
  static const char *const codes[] = { "GB", "gb", "Gb" };
  guint position = 9999;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (CwCountry) country = get (countries, codes[i]);

      g_assert_cmpstr (cw_country_get_code (country), ==, "GB");
      g_assert_cmpstr (cw_country_get_name (country), ==, "United Kingdom (GB)");
    }

  g_assert_true (cw_countries_find (countries, "", &position));
  g_assert_cmpuint (position, ==, 0);
}

static void
test_find_none (void)
{
  g_autoptr (GListModel) countries = cw_countries_load ();
  static const char *const codes[] = { "QQ", "UK", "G", "GBR", " GB" };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      guint position = 9999;

      g_assert_false (cw_countries_find (countries, codes[i], &position));
      g_assert_cmpuint (position, ==, 9999);
    }
}

/* What a drop-down searches. */
static void
test_property (void)
{
  g_autoptr (GListModel) countries = cw_countries_load ();
  g_autoptr (CwCountry) country = get (countries, "BO");
  g_autofree char *name = NULL;

  g_object_get (country, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "Bolivia (BO)"); /* its common name */
}

/* Few systems have it, and without a real locale there is no translation. */
static gboolean
make_german (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "de_DE.UTF-8", NULL);
  const char *command[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", path, NULL };
  int status;

  return g_spawn_sync (NULL, (char **) command, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                           G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, NULL) &&
         g_spawn_check_wait_status (status, NULL);
}

static void
test_translated (void)
{
  const char *folder = g_getenv ("HOME");

  if (g_test_subprocess ())
    {
      g_autoptr (GListModel) countries = cw_countries_load ();
      g_autoptr (CwCountry) country = get (countries, "DE");

      g_print ("%s\n", cw_country_get_name (country));
      return;
    }

  if (!g_file_test (ISO_CODES_PREFIX "/share/locale/de/LC_MESSAGES/iso_3166.mo",
                    G_FILE_TEST_EXISTS))
    {
      g_test_skip ("iso-codes has no translations here");
      return;
    }
  if (!make_german (folder))
    {
      g_test_skip ("no German locale can be made here");
      return;
    }
  g_setenv ("LOCPATH", folder, TRUE);
  g_setenv ("LC_ALL", "de_DE.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "de", TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*Deutschland (DE)*");
}

static void
test_freed (void)
{
  GListModel *countries = cw_countries_load ();
  gpointer country = g_list_model_get_item (countries, 1);

  ui_assert_freed (countries);
  g_assert_true (CW_IS_COUNTRY (country));
  ui_assert_freed (country);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/country/load", test_load);
  g_test_add_func ("/country/sorted", test_sorted);
  g_test_add_func ("/country/find", test_find);
  g_test_add_func ("/country/find-none", test_find_none);
  g_test_add_func ("/country/property", test_property);
  g_test_add_func ("/country/translated", test_translated);
  g_test_add_func ("/country/freed", test_freed);

  return ui_test_run ();
}
