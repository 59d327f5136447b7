-: /work/wt/camp14/lib/dispatcher/internal.h \
 /work/wt/camp14/lib/dispatcher/layout.h \
 /work/wt/camp14/lib/dispatcher/set.h include/sdei/dispatcher.h \
 include/sdei/abi.h include/sdei/context.h firmware/el3/context.h \
 include/sdei/language.h
/work/wt/camp14/lib/dispatcher/layout.h:
/work/wt/camp14/lib/dispatcher/set.h:
include/sdei/dispatcher.h:
include/sdei/abi.h:
include/sdei/context.h:
firmware/el3/context.h:
include/sdei/language.h:
