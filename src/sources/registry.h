/* The kinds of sources this program knows. */
#ifndef GATEHOUSE_SOURCES_REGISTRY_H
#define GATEHOUSE_SOURCES_REGISTRY_H

struct source_kind;

/* All kinds, ended by NULL, in the order the manual lists them. */
extern const struct source_kind *const registry[];

#endif
