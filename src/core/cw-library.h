/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core and probe: libraries that are loaded when they are first
 * needed, since they bring many others along that few starts have a use for.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwLibrarySymbol:
 * @name: of a function of the library
 * @function: where its address goes
 */
typedef struct
{
  const char *name;
  gpointer *function;
} CwLibrarySymbol;

/**
 * cw_library_load:
 * @soname: as the linker would have named it: "libcurl.so.4"
 * @symbols: what is needed of it
 *
 * Loads a library, which stays loaded. To be called once, from any thread.
 *
 * Returns: whether it is there, with all of @symbols
 */
gboolean cw_library_load (const char *soname, const CwLibrarySymbol *symbols, guint n_symbols);

G_END_DECLS
