/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For a test that opens GTK's file chooser: included once, by its own source.
 */

#pragma once

#ifdef __SANITIZE_ADDRESS__
/* GTK's file chooser loads a library that leaks: only with whole stacks can
 * that be told from a leak of ours. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}
#endif
