/* Nothing is wrong: it must stay clean. */
#include "right_certificate.h"
