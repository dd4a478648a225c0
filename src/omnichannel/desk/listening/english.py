"""How people ask, put off and answer in English."""

from __future__ import annotations

from omnichannel.desk.listening.tongues import Tongue, listed, phrases

ENGLISH = Tongue(
    language="en",
    asks=phrases(
        """
        when is | when are | when will | when can | when do | when does | when did | when would |
        where is | where are | where can | where do | where did | where's | how much | how many |
        how long | how do | how does | how can | how is | how to | what is | what are | what's |
        what does | what do | what about | what time | what should | what happens | why is | why are |
        why did | why do | why does | why was | who is | who can | which one | which of | can you | can i |
        can we | can someone | could you | could i | could we | could someone | do you | does it |
        does this | does the | did you | is it possible | is there | is this | is my | are there |
        are you able | have you | has my | would you | would it | will you | will it | will my | may i |
        am i able | any news | any update | any idea
        """
    ),
    requests=phrases(
        """
        please | kindly | i need | we need | i want | we want | i would like | i'd like | we would like |
        we'd like | i am looking for | i'm looking for | let me know | let us know | send me | send us |
        tell me | call me | give me | show me | get back to me | i am waiting for | i'm waiting for |
        i am still waiting for | i'm still waiting for | i wonder | i was wondering | i am wondering |
        i'm wondering | i have a question about | i expect | i request | could use
        """
    ),
    before=phrases(
        """
        hi | hello | hey | dear | good morning | good afternoon | good evening | and | but | so | also |
        then | now | ok | okay | well | sorry | yes | no | thanks | thank you | by the way | btw | if so |
        if not | otherwise | anyway | there | just | again
        """
    ),
    polite=phrases(
        """
        how are you | how do you do | how is it going | what's up | please find | please note |
        please ignore | please disregard | please accept | i want to thank | i would like to thank |
        i'd like to thank | i want to say thank | right? | okay? | ok? | you know? | isn't it? |
        i need to go | please excuse | no need
        """
    ),
    withdraws=phrases(
        """
        never mind | nevermind | no longer needed | not needed any more | not needed anymore | i found it |
        found it myself | it has arrived | it arrived | it just arrived | already solved |
        solved it myself | it works now | it's fixed | forget it
        """
    ),
    puts_off=phrases(
        """
        look into | looking into | get back to you | come back to you | find out | finding out |
        let me check | let me see | let me ask | i will check | i'll check | we will check | we'll check |
        i will ask | i'll ask | we will ask | we'll ask | will let you know | 'll let you know |
        i don't know | i do not know | not sure | we have received your | we received your |
        thank you for your | thanks for your | thank you for contacting | thank you for reaching |
        one moment | just a moment | bear with | hold on | investigate | investigating | checking |
        as soon as possible | asap | forwarded your | passed your | passed it on | i understand |
        sorry to hear | sorry for | apologies | apologise | apologize
        """
    ),
    closed=phrases(
        """
        can | could | do | does | did | is | are | has | have | will | would | may | should | am | was |
        were
        """
    ),
    yes_no=phrases(
        """
        yes | yep | yeah | no | nope | sure | of course | certainly | absolutely | definitely | indeed |
        unfortunately not | i'm afraid not | i am afraid not | correct | that's right | that is right |
        it is | it's not | it is not | you can | we can | we can't | we cannot | you can't | you cannot |
        we do | we don't | we do not
        """
    ),
    when=phrases(
        """
        when | how long | what time | how soon | what date | what day | by what date
        """
    ),
    how_much=phrases(
        """
        how much | what does * cost | what is the price | what's the price | the price of |
        what are the costs | cost
        """
    ),
    times=phrases(
        """
        today | tomorrow | tonight | monday | tuesday | wednesday | thursday | friday | saturday | sunday |
        next week | this week | this morning | this afternoon | this evening | january | february | march |
        april | june | july | august | september | october | november | december | o'clock | in * days |
        in * hours | within * days | within * hours | * days | * hours | * minutes | * weeks
        """
    ),
    done=phrases(
        """
        i have sent | i've sent | we have sent | we've sent | i sent | we sent | i have attached |
        attached | enclosed | is attached | i have changed | i've changed | we have changed |
        we've changed | i have cancelled | i've cancelled | we have cancelled | we've cancelled |
        i have refunded | we have refunded | has been refunded | has been sent | has been changed |
        has been cancelled | is done | it's done | done | here it is | here is | here are | here you go |
        i have updated | i've updated | we have updated | has been updated | i have booked |
        has been booked | i have added | i've added
        """
    ),
    promises=phrases(
        """
        i will | i'll | we will | we'll | you will | you'll | will be | will arrive | will ship |
        will call | will receive | is going to | are going to | i promise | we promise | expect * by |
        ships | arrives | will come | comes
        """
    ),
    days={"today": 0, "tonight": 0, "tomorrow": 1},
    lengths={"hour": 1, "hours": 1, "day": 1, "days": 1, "week": 7, "weeks": 7},
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    months=(
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    common=listed(
        """
        a about again all already also am an and any are as at be been being but by can could dear did do
        does done down each for from get got had has have having he hello her here hey hi him his how i if
        in into is it its just know let like many may me might mine much must my need no not now of on
        only or our out over please shall she should so some still tell than thank thanks that the their
        them then there these they this those to too under up us very want was we were what when where
        which who why will with would yes you your yours
        """
    ),
)
