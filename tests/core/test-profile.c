/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libintl.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-profile-private.h"
#include "cw-usage.h"

static const char good[] = "# A comment\n"
                           "[Profile]\n"
                           "Name=Test device\n"
                           "Name[de]=Testgerät\n"
                           "Comment=For tests\n"
                           "Order=5\n"
                           "\n"
                           "[Request]\n"
                           "KeyKinds=ec-p256;rsa-2048\n"
                           "Usages=clientAuth;1.2.3.4;\n"
                           "\n"
                           "[Setting key]\n"
                           "Source=private-key\n"
                           "\n"
                           "[Setting verify]\n"
                           "Source=verify\n"
                           "On=peer\n"
                           "Off=none\n"
                           "\n"
                           "[Output all]\n"
                           "Name=Everything\n"
                           "Type=yaml\n"
                           "File=all.yaml\n"
                           "Settings=verify;key;\n"
                           "Where1=Here\n"
                           "Where2=There; and then on\n"
                           "\n"
                           "[Output open]\n"
                           "Name=Open\n"
                           "Comment=What is not secret\n"
                           "Type=yaml\n"
                           "File=open.yaml\n"
                           "Settings=verify;\n";

typedef struct
{
  guint line;
  const char *found;
  const char *instead;
  const char *group;
  const char *key;
  const char *mistake;
} Mistake;

static const Mistake mistakes[] = {
  { 3, "Name=Test device", "Nmae=Test device", "Profile", "Nmae", "“Name” was probably meant" },
  { 3, "Name=Test device", "Name=", "Profile", "Name", "nothing stands after" },
  { 3, "Name=Test device", "Name=a\\nb", "Profile", "Name", "a line break" },
  { 3, "Name=Test device", "Name=a\\qb", "Profile", "Name", "" },
  { 2, "Name=Test device\nName[de]=Testgerät\n", "", "Profile", "Name", "it is missing" },
  { 2, "Comment=For tests\n", "", "Profile", "Comment", "it is missing" },
  { 6, "Order=5", "Order=first", "Profile", "Order", "“first” is not a number" },
  { 6, "Order=5", "Order=-1", "Profile", "Order", "is not a number" },
  { 6, "Order=5", "Order[de]=5", "Profile", "Order[de]", "can be translated" },
  { 6, "Order=5", "Colour=red", "Profile", "Colour", "known are: IconName, Order, Name" },
  { 6, "Order=5", "IconName=../../etc/icon", "Profile", "IconName", "not the name of an icon" },
  { 8, "[Request]", "[Reqest]", "Reqest", NULL, "“Request” was probably meant" },
  { 9, "[Request]", "[Test]\nCas=instead\n[Request]", "Test", "Cas", "alone" },
  { 8, "[Request]", "[Request one]", "Request one", NULL, "takes no name" },
  { 28, "[Output open]", "[Output]", "Output", NULL, "its name is missing, as in “[Output name]”" },
  { 28, "[Output open]", "[Output Open]", "Output Open", NULL, "not a name for an output" },
  { 28, "[Output open]", "[Outptu open]", "Outptu open", NULL, "“Output” was probably meant" },
  { 9, "ec-p256;", "ec-p265;", "Request", "KeyKinds", "“ec-p256” was probably meant" },
  { 9, "ec-p256;", "other;", "Request", "KeyKinds", "“other” is not known; known are: rsa-2048, " },
  { 9, "ec-p256;", "rsa-2048;", "Request", "KeyKinds", "“rsa-2048” is in the list twice" },
  { 9, "ec-p256;", "ec-p256;;", "Request", "KeyKinds", "an entry of the list is empty" },
  { 10, "clientAuth;", "clientauht;", "Request", "Usages", "“clientAuth” was probably meant" },
  { 10, "1.2.3.4", "9.2.3.4", "Request", "Usages", "“9.2.3.4” is not known" },
  { 12, "[Setting key]", "[Setting a key]", "Setting a key", NULL, "not a name for a setting" },
  { 12, "[Setting key]", "[Setting 1key]", "Setting 1key", NULL, "not a name for a setting" },
  { 13, "Source=private-key", "Source=private-kye", "Setting key", "Source", "“private-key” was" },
  { 13, "Source=private-key", "Sauce=private-key", "Setting key", "Sauce", "“Source” was" },
  { 14, "Source=private-key", "Source=private-key\nOn=x", "Setting key", "On", "is not known" },
  { 15, "Off=none\n", "", "Setting verify", "Off", "it is missing" },
  { 18, "Off=none", "Off=peer", "Setting verify", "Off", "the same as “On”" },
  { 22, "Type=yaml\nFile=all", "Type=yml\nFile=all", "Output all", "Type", "“yaml” was probably" },
  { 23, "File=all.yaml", "File=../all.yaml", "Output all", "File", "not a plain file name" },
  { 23, "File=all.yaml", "File=.yaml", "Output all", "File", "not a plain file name" },
  { 23, "File=all.yaml", "File[de]=all.yaml", "Output all", "File[de]", "can be translated" },
  { 24, "verify;key;", "verify;kye;", "Output all", "Settings", "“key” was probably meant" },
  { 25, "Where1=Here\n", "", "Output all", "Where2", "the step before it is missing" },
  { 26, "Where2=", "Where10=", "Output all", "Where10", "was probably meant" },
  { 12, "verify;key;", "verify;", "Setting key", NULL, "no output has the setting “key”" },
  { 26, "Where2=There", "Where1=There", NULL, NULL, "“Where1” is there a second time" },
  { 28, "[Output open]", "[Output all]", NULL, NULL, "“[Output all]” is there a second time" },
  { 8, "[Request]", "[Requ\x01est]", NULL, NULL, "neither “[Group]” nor" },
  { 1, "# A comment", "A comment", NULL, NULL, "A comment" },
  { 4, "Testgerät", "Testger\xe4t", NULL, NULL, "it is not text in UTF-8" },
  { 4, "Testgerät", "\xc0\x80", NULL, NULL, "it is not text in UTF-8" },
  { 4, "Testgerät", "\xe0\x80\x80", NULL, NULL, "it is not text in UTF-8" },
  { 4, "Testgerät", "\xed\xa0\x80", NULL, NULL, "it is not text in UTF-8" },
  { 4, "Testgerät", "\xe6\xbcx", NULL, NULL, "it is not text in UTF-8" },
  { 4, "Testgerät", "\xf4\x90\x80\x80", NULL, NULL, "it is not text in UTF-8" },
  { 33, "=verify;\n", "=verify;\xe6\xbc", NULL, NULL, "it is not text in UTF-8" },
  /* What is in a language that nobody asked for is looked at, too. */
  { 5, "gerät", "\nName[de]=b", NULL, NULL, "“Name[de]” is there a second time" },
  { 6, "gerät", "\nName[fr]=a\n Name[de] = b", NULL, NULL, "“Name[de]” is there a second time" },
  { 5, "gerät", "\nNmae[fr]=b", "Profile", "Nmae[fr]", "“Name” was probably meant" },
  { 7, "Order=5", "Order=5\nOrder[fr]=5", "Profile", "Order[fr]", "can be translated" },
  { 5, "gerät", "\nName[fr\x01]=b", NULL, NULL, "neither “[Group]” nor" },
};

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }
  g_remove (path);
}

/* Each test begins without any profile. */
static void
empty_dirs (void)
{
  remove_tree (g_get_user_cache_dir ());
  remove_tree (g_get_user_data_dir ());
  for (guint i = 0; g_get_system_data_dirs ()[i] != NULL; i++)
    remove_tree (g_get_system_data_dirs ()[i]);
}

static void
set_dirs (const char *temporary)
{
  g_autofree char *cache = g_build_filename (temporary, "cache", NULL);
  g_autofree char *data = g_build_filename (temporary, "data", NULL);
  g_autofree char *first = g_build_filename (temporary, "first", NULL);
  g_autofree char *second = g_build_filename (temporary, "second", NULL);
  /* A path that is there twice, a problem in it is still one problem. */
  g_autofree char *system = g_strdup_printf ("%s:%s/:%s", first, first, second);

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_DATA_DIRS", system, TRUE);
}

static char *
replace (const char *text, const char *found, const char *instead)
{
  const char *place = strstr (text, found);

  g_assert_nonnull (place);
  return g_strdup_printf ("%.*s%s%s", (int) (place - text), text, instead, place + strlen (found));
}

static char *
make_folder (const char *parent, const char *id)
{
  char *folder = g_build_filename (parent, id, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  return folder;
}

static void
write_profile (const char *folder, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (folder, "profile.ini", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static char *
make_profile (const char *parent, const char *id, const char *text)
{
  char *folder = make_folder (parent, id);

  write_profile (folder, text, -1);
  return folder;
}

static char *
get_profiles_dir (const char *data_dir)
{
  return g_build_filename (data_dir, "certwright", "profiles", NULL);
}

static CwProfile *
load_good (const char *text)
{
  g_autofree char *folder = make_profile (g_get_user_cache_dir (), "test-device", text);
  g_autoptr (GError) error = NULL;
  CwProfile *profile = cw_profile_new_from_folder (folder, &error);

  g_assert_no_error (error);
  g_assert_true (CW_IS_PROFILE (profile));
  return profile;
}

static void
test_read (void)
{
  CwProfile *profile = load_good (good);
  const CwKeyKind *kinds;
  guint n = 0;

  g_assert_cmpstr (cw_profile_get_id (profile), ==, "test-device");
  g_assert_cmpstr (cw_profile_get_name (profile), ==, "Test device");
  g_assert_cmpstr (cw_profile_get_short_name (profile), ==, "Test device");
  g_assert_cmpstr (cw_profile_get_description (profile), ==, "For tests");
  g_assert_cmpstr (cw_profile_get_icon_name (profile), ==, "application-certificate-symbolic");

  kinds = cw_profile_get_key_kinds (profile, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (kinds[0], ==, CW_KEY_KIND_EC_P256);
  g_assert_cmpint (kinds[1], ==, CW_KEY_KIND_RSA_2048);

  g_assert_cmpuint (g_strv_length ((char **) cw_profile_get_usages (profile)), ==, 2);
  g_assert_cmpstr (cw_profile_get_usages (profile)[0], ==, CW_USAGE_CLIENT_AUTH);
  g_assert_cmpstr (cw_profile_get_usages (profile)[1], ==, "1.2.3.4");
  g_assert_true (cw_profile_get_wants_server_cas (profile));

  g_assert_finalize_object (profile);
}

static void
test_outputs (void)
{
  g_autoptr (CwProfile) profile = load_good (good);
  const CwProfileOutput *all, *open;
  GPtrArray *settings;
  const CwProfileSetting *verify, *key;

  g_assert_cmpuint (cw_profile_get_n_outputs (profile), ==, 2);
  all = cw_profile_get_output (profile, 0);
  g_assert_cmpstr (all->id, ==, "all");
  g_assert_cmpstr (all->title, ==, "Everything");
  g_assert_null (all->description);
  g_assert_cmpstr (all->file_name, ==, "all.yaml");
  g_assert_cmpstr (all->media_type, ==, "application/yaml");
  g_assert_true (all->secret);
  g_assert_cmpuint (g_strv_length ((char **) all->where), ==, 2);
  g_assert_cmpstr (all->where[1], ==, "There; and then on");

  open = cw_profile_get_output (profile, 1);
  g_assert_cmpstr (open->description, ==, "What is not secret");
  g_assert_false (open->secret);
  g_assert_cmpuint (g_strv_length ((char **) open->where), ==, 0);

  settings = cw_profile_get_output_data (profile, all)->settings;
  g_assert_cmpuint (settings->len, ==, 2);
  verify = settings->pdata[0];
  key = settings->pdata[1];
  g_assert_cmpstr (verify->name, ==, "verify");
  g_assert_cmpint (verify->source, ==, CW_PROFILE_SOURCE_VERIFY);
  g_assert_cmpstr (verify->on, ==, "peer");
  g_assert_cmpstr (verify->off, ==, "none");
  g_assert_cmpstr (key->name, ==, "key");
  g_assert_cmpint (key->source, ==, CW_PROFILE_SOURCE_PRIVATE_KEY);
}

static void
test_no_server_cas (void)
{
  g_autofree char *source = replace (good, "verify\nOn=peer\nOff=none\n", "certificate-chain\n");
  g_autoptr (CwProfile) profile = load_good (source);

  g_assert_false (cw_profile_get_wants_server_cas (profile));
}

static void
assert_translated (const char *text, const char *languages, const char *name)
{
  g_autoptr (CwProfile) profile = NULL;

  g_setenv ("LANGUAGE", languages, TRUE);
  profile = load_good (text);
  g_unsetenv ("LANGUAGE");

  g_assert_cmpstr (cw_profile_get_name (profile), ==, name);
  g_assert_cmpstr (cw_profile_get_description (profile), ==, "For tests");
}

static void
test_translated (void)
{
  g_autofree char *text = replace (good, "Name[de]=Testgerät\n",
                                   "Name[fr]=Appareil\nName[ja]=試験機😀\n"
                                   "Name[de]=Testgerät\nName[de_AT]=Prüfling\n");

  assert_translated (good, "de", "Testgerät");
  assert_translated (text, "de_AT", "Prüfling");
  assert_translated (text, "de_CH", "Testgerät");
  assert_translated (text, "nl:fr:de", "Appareil");
  assert_translated (text, "ja", "試験機😀");
  assert_translated (text, "nl", "Test device");
  assert_translated (text, "d", "Test device");
}

static void
test_mistake (gconstpointer data)
{
  const Mistake *mistake = data;
  g_autofree char *text = replace (good, mistake->found, mistake->instead);
  g_autofree char *folder = make_profile (g_get_user_cache_dir (), "wrong", text);
  g_autofree char *path = g_build_filename (folder, "profile.ini", NULL);
  g_autofree char *group = g_strdup_printf ("group “%s”", mistake->group);
  g_autofree char *key = g_strdup_printf ("key “%s”", mistake->key);
  g_autofree char *line = g_strdup_printf ("in line %u", mistake->line);
  g_autoptr (GError) error = NULL;
  CwProfile *profile = cw_profile_new_from_folder (folder, &error);

  g_assert_null (profile);
  g_assert_error (error, CW_ERROR, CW_ERROR_PROFILE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, mistake->mistake));
  if (mistake->line > 0)
    g_assert_nonnull (strstr (error->message, line));
  if (mistake->group != NULL)
    g_assert_nonnull (strstr (error->message, group));
  if (mistake->key != NULL)
    g_assert_nonnull (strstr (error->message, key));
}

static void
assert_unusable (const char *folder, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_profile_new_from_folder (folder, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, folder));
}

static void
test_no_file (void)
{
  g_autofree char *folder = make_folder (g_get_user_cache_dir (), "nothing");
  g_autofree char *path = g_build_filename (folder, "profile.ini", NULL);

  assert_unusable (folder, G_FILE_ERROR, G_FILE_ERROR_NOENT);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
  g_assert_cmpint (g_rmdir (path), ==, 0);

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_cmpint (symlink ("/dev/zero", path), ==, 0);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
}

static void
test_bad_content (void)
{
  g_autofree char *folder = make_folder (g_get_user_cache_dir (), "content");
  g_autofree char *large = g_strnfill (64 * 1024 + 1, '#');
  g_autofree char *name = g_strnfill (501, 'x');
  g_autofree char *text = replace (good, "Test device", name);
  g_autoptr (CwProfile) profile = NULL;

  write_profile (folder, "", 0);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
  write_profile (folder, large, -1);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
  write_profile (folder, text, -1);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
  write_profile (folder, good, sizeof good);
  assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);

  write_profile (folder, good, -1);
  profile = cw_profile_new_from_folder (folder, NULL);
  g_assert_true (CW_IS_PROFILE (profile));
}

static void
test_folder_name (void)
{
  const char *const names[] = { "Test", "test device", "-test", "tést", "test_device" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = make_profile (g_get_user_cache_dir (), names[i], good);

      assert_unusable (folder, CW_ERROR, CW_ERROR_PROFILE);
    }
}

static GListModel *
load_all (guint n_problems)
{
  g_autoptr (GPtrArray) problems = NULL;
  GListModel *profiles = cw_profiles_load (&problems);

  g_assert_cmpuint (problems->len, ==, n_problems);
  return profiles;
}

static const char *
get_name_at (GListModel *profiles, guint i)
{
  g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

  return cw_profile_get_name (profile);
}

static void
test_load_none (void)
{
  g_autoptr (GListModel) profiles = NULL;

  empty_dirs ();
  profiles = load_all (0);
  g_assert_cmpuint (g_list_model_get_n_items (profiles), ==, 0);
  g_assert_true (g_list_model_get_item_type (profiles) == CW_TYPE_PROFILE);
}

static void
add_profile (const char *parent, const char *id, const char *text)
{
  g_free (make_profile (parent, id, text));
}

static void
test_load (void)
{
  g_autofree char *user = get_profiles_dir (g_get_user_data_dir ());
  g_autofree char *system = get_profiles_dir (g_get_system_data_dirs ()[0]);
  g_autofree char *late = replace (good, "Order=5\n", "");
  g_autofree char *mine = replace (good, "Test device", "Mine");
  g_autofree char *broken = replace (good, "ec-p256", "ec");
  g_autofree char *stray = g_build_filename (user, "README", NULL);
  g_autoptr (GListModel) profiles = NULL;
  g_autoptr (CwProfile) found = NULL;

  empty_dirs ();
  add_profile (system, "a-late", late);
  add_profile (system, "b-early", good);
  add_profile (user, "b-early", mine);
  add_profile (user, "c-broken", broken);
  add_profile (system, "c-broken", good);
  add_profile (system, "d-wrong", broken);
  add_profile (user, ".hidden", broken);
  g_assert_true (g_file_set_contents (stray, "Not a profile", -1, NULL));

  profiles = load_all (2);
  g_assert_cmpuint (g_list_model_get_n_items (profiles), ==, 3);
  g_assert_cmpstr (get_name_at (profiles, 0), ==, "Mine");
  g_assert_cmpstr (get_name_at (profiles, 1), ==, "Test device");
  g_assert_cmpstr (get_name_at (profiles, 2), ==, "Test device");

  found = cw_profiles_find (profiles, "a-late");
  g_assert_cmpstr (cw_profile_get_id (found), ==, "a-late");
  g_assert_null (cw_profiles_find (profiles, "d-wrong"));
}

/* So many are read by two threads; what is said about them has an order all the same. */
static void
test_load_many (void)
{
  g_autofree char *user = get_profiles_dir (g_get_user_data_dir ());
  g_autofree char *broken = replace (good, "ec-p256", "ec");
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GListModel) profiles = NULL;

  empty_dirs ();
  for (guint i = 100; i < 180; i++)
    {
      g_autofree char *id = g_strdup_printf ("many-%u", i);

      add_profile (user, id, i % 10 == 0 ? broken : good);
    }

  profiles = cw_profiles_load (&problems);
  g_assert_cmpuint (g_list_model_get_n_items (profiles), ==, 72);
  g_assert_cmpuint (problems->len, ==, 8);
  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("/many-1%u0/", i);
      const GError *problem = problems->pdata[i];

      g_assert_error (problem, CW_ERROR, CW_ERROR_PROFILE);
      g_assert_nonnull (strstr (problem->message, id));
    }
}

static void
test_unreadable_folder (void)
{
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "certwright", NULL);
  g_autofree char *path = g_build_filename (data, "profiles", NULL);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GListModel) profiles = NULL;
  const GError *problem;

  empty_dirs ();
  g_assert_cmpint (g_mkdir_with_parents (data, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "a file, not a folder", -1, NULL));
  profiles = cw_profiles_load (&problems);
  g_assert_cmpuint (g_list_model_get_n_items (profiles), ==, 0);
  g_assert_cmpuint (problems->len, ==, 1);
  problem = problems->pdata[0];
  g_assert_error (problem, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}

static CwProfile *
load_shipped (const char *id)
{
  g_autofree char *folder = g_build_filename (g_getenv ("CERTWRIGHT_TEST_PROFILES"), id, NULL);
  g_autoptr (GError) error = NULL;
  CwProfile *profile = cw_profile_new_from_folder (folder, &error);

  g_assert_no_error (error);
  return profile;
}

static void
test_shipped (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("CERTWRIGHT_TEST_SOURCE"), "data", "profiles", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *id;
  guint n = 0;

  while ((id = g_dir_read_name (dir)) != NULL)
    if (strchr (id, '.') == NULL)
      {
        g_autoptr (CwProfile) profile = load_shipped (id);

        n += CW_IS_PROFILE (profile);
      }
  g_assert_cmpuint (n, >=, 10);
}

/* Their texts are in the program's catalogs. */
static void
test_shipped_translated (void)
{
  g_autofree char *catalogs = g_build_filename (g_getenv ("CERTWRIGHT_TEST_BUILD"), "po", NULL);
  g_autoptr (CwProfile) english = load_shipped ("placeos");
  g_autoptr (CwProfile) german = NULL;

  bindtextdomain (GETTEXT_PACKAGE, catalogs);
  g_setenv ("LANGUAGE", "de", TRUE);
  setlocale (LC_ALL, "");
  german = load_shipped ("placeos");
  if (g_str_equal (g_dgettext (GETTEXT_PACKAGE, "_Cancel"), "_Cancel"))
    {
      g_test_skip ("this C library translates nothing in C.UTF-8");
      return;
    }

  g_assert_cmpstr (cw_profile_get_name (german), !=, cw_profile_get_name (english));
  g_assert_cmpstr (cw_profile_get_name (german), ==,
                   g_dgettext (GETTEXT_PACKAGE, cw_profile_get_name (english)));
  g_assert_cmpstr (cw_profile_get_short_name (german), ==, "PlaceOS");

  g_unsetenv ("LANGUAGE");
  setlocale (LC_ALL, "C");
}

static void
assert_settings (CwProfile *profile, guint output, const char *id, const char *names)
{
  GPtrArray *settings =
      cw_profile_get_output_data (profile, cw_profile_get_output (profile, output))->settings;
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_cmpstr (cw_profile_get_output (profile, output)->id, ==, id);
  for (guint i = 0; i < settings->len; i++)
    g_string_append_printf (found, "%s;", ((const CwProfileSetting *) settings->pdata[i])->name);
  g_assert_cmpstr (found->str, ==, names);
}

/* requests, curl and the like replace the system's CAs by the chosen ones. */
static void
test_cas_alone (void)
{
  g_autoptr (CwProfile) profile = load_shipped ("https-api");

  g_assert_false (cw_profile_get_cas_beside_system (profile));
}

static void
test_placeos (void)
{
  g_autoptr (CwProfile) profile = load_shipped ("placeos");
  const CwProfileOutput *output;
  guint n = 0;

  g_assert_cmpint (cw_profile_get_key_kinds (profile, &n)[0], ==, CW_KEY_KIND_RSA_3072);
  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpstr (cw_profile_get_usages (profile)[0], ==, CW_USAGE_CLIENT_AUTH);
  g_assert_null (cw_profile_get_usages (profile)[1]);
  g_assert_true (cw_profile_get_wants_server_cas (profile));
  g_assert_true (cw_profile_get_cas_beside_system (profile));

  g_assert_cmpuint (cw_profile_get_n_outputs (profile), ==, 3);
  assert_settings (profile, 0, "settings",
                   "https_private_key;https_client_cert;https_ca_certificates;https_verify;");
  assert_settings (profile, 1, "key", "https_private_key;");
  assert_settings (profile, 2, "certificates",
                   "https_client_cert;https_ca_certificates;https_verify;");

  /* What holds the key is told to go into Encrypted, and nothing else is. */
  for (guint i = 0; i < 3; i++)
    {
      output = cw_profile_get_output (profile, i);
      g_assert_cmpint (output->secret, ==, i < 2);
      g_assert_cmpuint (g_strv_length ((char **) output->where), ==, 4);
      g_assert_nonnull (
          strstr (output->where[1], i < 2 ? "open the Encrypted tab" : "open the Admin tab"));
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *temporary = g_dir_make_tmp ("certwright-XXXXXX", NULL);
  int result;

  g_assert_nonnull (temporary);
  set_dirs (temporary);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/profile/read", test_read);
  g_test_add_func ("/profile/outputs", test_outputs);
  g_test_add_func ("/profile/no-server-cas", test_no_server_cas);
  g_test_add_func ("/profile/translated", test_translated);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/profile/mistake/%u", i + 1);

      g_test_add_data_func (path, &mistakes[i], test_mistake);
    }
  g_test_add_func ("/profile/no-file", test_no_file);
  g_test_add_func ("/profile/bad-content", test_bad_content);
  g_test_add_func ("/profile/folder-name", test_folder_name);
  g_test_add_func ("/profile/load-none", test_load_none);
  g_test_add_func ("/profile/load", test_load);
  g_test_add_func ("/profile/load-many", test_load_many);
  g_test_add_func ("/profile/unreadable-folder", test_unreadable_folder);
  g_test_add_func ("/profile/shipped", test_shipped);
  g_test_add_func ("/profile/shipped-translated", test_shipped_translated);
  g_test_add_func ("/profile/placeos", test_placeos);
  g_test_add_func ("/profile/cas-alone", test_cas_alone);

  result = g_test_run ();
  remove_tree (temporary);

  return result;
}
