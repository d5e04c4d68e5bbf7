/*
 * lib/base/sized.h - structs that a caller of another release allocated.
 *
 * Room: base.  Includes: nothing of ours.  Such a struct starts with its own
 * `size_t size`, and members are only ever appended to it.  So the shorter of
 * two versions is a prefix of the longer one, and 0 means "not used" in every
 * member.
 */
#ifndef TCPFLOW__BASE_SIZED_H
#define TCPFLOW__BASE_SIZED_H

#include <tcpflow/base.h>

#include <stddef.h>

/*
 * The longest struct that is believed.  A caller who forgot _init() passes a
 * random stamp; this keeps us from reading far behind such a struct.
 */
#define TCPFLOW__SIZED_MAX ((size_t)4096)

/*
 * Fails to compile if TYPE has padding behind its last member: a member that is
 * appended later would fit into it, sizeof would stay, and an old caller's
 * uninitialized padding would be taken for the new member.
 */
#define TCPFLOW__NO_TAIL_PADDING(type, last_member)                            \
  _Static_assert(offsetof(type, last_member) +                                 \
                     sizeof(((type *)0)->last_member) ==                       \
                   sizeof(type),                                               \
                 #type " has padding behind " #last_member)

/*
 * Copies a caller's struct into ours of OURS_SIZE octets; members that an older
 * caller does not have become 0, and our stamp is OURS_SIZE.  Answers
 * TCPFLOW_ERR_VERSION, and leaves OURS alone, if the stamp is no size of such a
 * struct, or if the caller uses a member that we do not know.
 */
int tcpflow__sized_read(void *ours, size_t ours_size, const void *theirs);

/*
 * Looks at the stamp only, for a struct that is going to be written: its
 * members do not matter.  Answers TCPFLOW_ERR_VERSION if it is no size.
 */
int tcpflow__sized_check(const void *theirs);

/*
 * Copies our struct into a caller's, which must have passed
 * tcpflow__sized_check(): members that it does not have are left out, members
 * that we do not know become 0, its stamp stays.
 */
void tcpflow__sized_write(void *theirs, const void *ours, size_t ours_size);

#endif /* TCPFLOW__BASE_SIZED_H */
