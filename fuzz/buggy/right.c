/* Nothing is wrong: it must stay clean. */
#include "right.h"
