/* The kinds of sources this program knows. */
#ifndef GATEHOUSE_SOURCES_REGISTRY_H
#define GATEHOUSE_SOURCES_REGISTRY_H

struct source_kind;

/* All kinds, ended by NULL, in the order the manual lists them. */
extern const struct source_kind *const registry[];

extern const struct source_kind documents_kind;
extern const struct source_kind outlook_kind;
extern const struct source_kind snowflake_kind;
extern const struct source_kind box_kind;

#endif
