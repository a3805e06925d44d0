#ifndef DAYBOOK_CXML_SHIM_H
#define DAYBOOK_CXML_SHIM_H

#include <libxml/parser.h>

#endif
