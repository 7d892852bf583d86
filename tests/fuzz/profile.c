/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader of profiles, which anybody may write.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-output.h"
#include "cw-profile-private.h"
#include "fuzz.h"

static const char good[] = "[Profile]\nName=a\nComment=a\n"
                           "[Request]\nKeyKinds=ec-p256\nUsages=clientAuth\n"
                           "[Setting a]\nSource=private-key\n"
                           "[Output a]\nName=a\nType=yaml\nFile=a\nSettings=a\nWhere1=a\n";

/* A folder in which "profile.ini" is a piece of memory: nothing is written to a disk. */
static char *temporary;
static char *folder;
static int memory = -1;

static char *
get_path (void)
{
  return g_build_filename (folder, "profile.ini", NULL);
}

static void
remove_folder (void)
{
  g_autofree char *path = get_path ();

  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (temporary);
  g_clear_pointer (&folder, g_free);
  g_clear_pointer (&temporary, g_free);
}

static void
make_folder (void)
{
  temporary = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  g_assert_nonnull (temporary);
  /* Its name is the profile's, and has to be one. */
  folder = g_build_filename (temporary, "fuzz", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  memory = memfd_create ("profile.ini", MFD_CLOEXEC);
  g_assert_cmpint (memory, >=, 0);

  g_autofree char *path = get_path ();
  g_autofree char *target = g_strdup_printf ("/proc/self/fd/%d", memory);
  g_assert_cmpint (symlink (target, path), ==, 0);
  atexit (remove_folder);
}

static CwProfile *
load (const void *data, gsize size, GError **error)
{
  g_assert_cmpint (ftruncate (memory, 0), ==, 0);
  g_assert_cmpint (pwrite (memory, data, size, 0), ==, size);

  return cw_profile_new_from_folder (folder, error);
}

/* If a good profile is refused, so is everything, and nothing would ever be found. */
static void
check_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwProfile) profile = load (good, strlen (good), &error);

  g_assert_no_error (error);
  g_assert_nonnull (profile);
}

static void
check_output (CwProfile *profile, const CwProfileOutput *output)
{
  g_autoptr (GError) error = NULL;
  CwOutputValues values = { .verify_server = TRUE, .address = "https://example.com/" };
  const CwProfileOutputData *data = cw_profile_get_output_data (profile, output);

  fuzz_check_text (output->id);
  fuzz_check_text (output->title);
  fuzz_check_text (output->file_name);
  fuzz_check_text (output->media_type);
  g_assert_null (strchr (output->file_name, '/'));
  g_assert_cmpuint (data->settings->len > 0, ==, output->type == CW_PROFILE_OUTPUT_YAML);
  if (data->template != NULL)
    g_assert_null (strchr (data->template, '/'));
  for (guint i = 0; output->where[i] != NULL; i++)
    fuzz_check_text (output->where[i]);
  /* Without key and certificate, what is left of it may be nothing. */
  g_autoptr (CwSecret) text = cw_output_render (profile, output, &values, &error);
  fuzz_check_result (text != NULL, error);
}

static void
check_profile (CwProfile *profile)
{
  guint n_kinds;
  const CwKeyKind *kinds = cw_profile_get_key_kinds (profile, &n_kinds);

  g_assert_nonnull (kinds);
  g_assert_cmpuint (n_kinds, >, 0);
  g_assert_cmpuint (g_strv_length ((char **) cw_profile_get_usages (profile)), >, 0);
  fuzz_check_text (cw_profile_get_id (profile));
  fuzz_check_text (cw_profile_get_name (profile));
  fuzz_check_text (cw_profile_get_short_name (profile));
  fuzz_check_text (cw_profile_get_icon_name (profile));
  g_assert_cmpuint (cw_profile_get_n_outputs (profile), >, 0);
  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    check_output (profile, cw_profile_get_output (profile, i));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (folder == NULL)
    {
      make_folder ();
      check_good ();
    }

  g_autoptr (GError) error = NULL;
  g_autoptr (CwProfile) profile = load (data, size, &error);
  fuzz_check_result (profile != NULL, error);
  if (profile != NULL)
    check_profile (profile);
  else
    g_assert_error (error, CW_ERROR, CW_ERROR_PROFILE);

  return 0;
}
