"""What formal apologies, vague promises and next steps look like in English."""

from __future__ import annotations

from omnichannel.desk.answers.apologies.lists import Apologies, table

ENGLISH = Apologies(
    formal=table(
        r"""
        (we |i )?((would like|want) to )?((truly|sincerely|deeply|humbly) )?apologi[sz]e( (sincerely|deeply
        |once again))?( (on behalf of|for|if|that) [^.!?\n;:]+)?
        (please |kindly )?accept (our|my)( \w+)? apolog(y|ies)( for [^.!?\n;:]+)?
        ((our|my)( \w+)? )?apologies( (once )?again)?( for [^.!?\n;:]+)?
        sorry (that |if )?(you|we|it|our|this)\b[^.!?\n;:,]*
        sorry (for|about) (the|any|all|this|your|that) (\w+ )?(inconvenience|trouble|confusion|delay|wait
        |discomfort|disappointment|experience|hassle)[^.!?\n;:,]*
        (we( are|'re|’re)|i( am|'m|’m)) ((very|truly|so|really|deeply) )?sorry[^.!?\n;:]*
        (we|i) ((deeply|sincerely|truly) )?regret[^.!?\n;:]*
        """
    ),
    vague=table(
        r"""
        as (soon|quickly|fast) as possible
        shortly
        soon(er)?
        in due (course|time)
        at (our|the) earliest
        look(ing)? into
        investigat\w+
        review(ed|ing)?
        (do|doing|done) (our|my|everything|all|better|what)\b.*
        work(ing)? (hard|on)
        hard at work
        get(ting)? back to you
        (keep|kept) you (posted|informed|updated)
        let you know
        more information
        serious(ly)?
        patience
        understand(ing)?
        improv\w+
        strive
        aim
        feedback
        hesitate
        apolog\w+
        bear with
        again (soon|in)
        importan(t|ce)
        (has|have) been (informed|noted|passed on)
        made aware
        happen again
        try(ing)?
        resolve
        hope\w*
        assure\w*
        thank\w*
        appreciat\w+
        welcome
        (kind|warm|best) regards
        (have|wish you) an? \w+ (day|evening|weekend|week)
        happy to help
        (customer )?(satisfaction|happiness|experience)
        expectations?
        deserves?
        priority
        (first|top) concern
        values?
        standards?
        (un)?acceptable
        pride
        proud
        with care
        rare(ly)?
        annoying
        unpleasant
        frustrat\w+
        disappoint\w+
        inconvenien\w+
        (not|never) what we
        (serve|serving) you
        looks? forward
        (high|large|unusual) (number|volume)s?
        (it|this) may take
        nothing (more )?we can do
        comments
        noted
        attention
        (relevant|right|responsible|concerned) (department|team|people)
        once we have
        we get that
        busy
        overflowing
        means (a lot|the world)
        (is|was|are) delayed
        (customer )?(care|service|support)
        sorry
        """
    ),
    steps=table(
        r"""
        (i|we)('ve|’ve| have)( \w+ly| now| just| already| also)* (sent|refunded|shipped|posted|booked|rebooked
        |moved|arranged|replaced|repaired|fixed|corrected|credited|cancelled|canceled|ordered|reset|restored
        |removed|taken|added|extended|upgraded|changed|paid|returned|passed|forwarded|asked|spoken|called
        |contacted|reserved|issued|scheduled|attached|made|put|started|closed|opened|found|switched|transferred
        |given)
        (i|we) (sent|refunded|shipped|posted|booked|moved|arranged|replaced|repaired|fixed|corrected|credited
        |cancelled|canceled|ordered|reset|restored|removed|added|extended|changed|paid|passed|spoke|called
        |asked|reserved|found|gave|overlooked)
        (i|we|he|she|they|(an?|our|my) [\w ]{1,40}?)('ll|’ll| will| (am|are|is) (going to|now)?)? ?(send|sending
        |sends|refund|refunding|ship|shipping|post|book|move|arrange|replace|replacing|repair|fix|credit|cancel
        |order|reset|restore|remove|add|extend|change|pay|return|call|calls|phone|phones|ring|e?-?mail
        |e?-?mails|bring|brings|deliver|pick|picks|collect|collects|visit|visits|come|comes|tell|answer|look up
        |takes? over|write|contact) (you|it|them|this|that|the|a|an|your|our|my|up|by|on|at|for|back|him|her
        |and|before|over)
        you('ll|’ll| will| can| may| could| need)( not| only| also| now| just)* (receive|get|have|see|find
        |return|collect|choose|use|track|pay|claim|keep|pick|call|bring|reach|log|download|ignore|open|book
        |exchange|hear from (me|us|him|her|[A-Z]\w+))
        please (send|reply|click|choose|return|check|reset|open|use|ignore|bring|call|log|restart|update|tell
        |keep|confirm|fill|visit our|follow)
        (could|can|would|will|may|shall|should) (you|i|we)\b[^!\n]{0,200}\?
        (which|what|where|when|how|who)\b[^!\n]{0,200}\?
        (is|are|was|were|has been|have been)( \w+ly| now| just| already| also| both)* (sent|refunded|shipped
        |posted|booked|moved|replaced|repaired|fixed|corrected|credited|cancelled|canceled|ordered|reset
        |restored|removed|added|extended|changed|paid|found|packed|attached|issued|solved|on (its|their
        |the) way|in stock|reserved|back|open|scheduled)
        (works?|working|running|available|online) again
        (arrives?|leaves?|left|comes?|ships?) [^.!?\n]{0,120}
        (to|open|choose|tap|click|use|keep|bring|go to) [^.!?\n]{0,120}\b(open|choose|tap|click|code|link|settings
        |form|button|label)
        the (right|correct|answer|amount|number|date)[^.!?\n]{0,120} is
        here (is|are) (the|your)
        (i|we) (am|are) attaching
        (is|are) open (until|from|till)
        because [^.!?\n]{1,120}
        ^\W*(please |just |then |simply )?(take|try|swap|pay|show|ask for|enter|type|scan|charge|restart|unplug
        |wait until) [^.!?\n]{1,120}
        (is|are|was|were) (off|on|now|no longer|approved|done|ready|gone) [^.!?\n]{0,120}
        (decides|approved|agreed|confirmed|accepted|waived)
        yes, you can
        """
    ),
    whens=table(
        r"""
        \d{1,2}[:.h]\d{2}
        (mon|tues|wednes|thurs|fri|satur|sun)day
        today
        tonight
        tomorrow
        this (morning|afternoon|evening|week)
        next (week|month)
        (within|in) (\d+|an?|one|two|three|four|five|few)( to \d+)?( working| business)? (minutes?|hours?|days?
        |weeks?|months?)
        (by|before|at|until|till) (noon|midnight|the end of|one|two|three|four|five|six|seven|eight|nine|ten
        |eleven|twelve|\d{1,2})
        \d{1,2}(st|nd|rd|th)?( of)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*
        (january|february|march|april|june|july|august|september|october|november|december) \d{1,2}
        \d{1,2}[/.-]\d{1,2}([/.-]\d{2,4})?
        \d{1,2} ?(am|pm)
        """
    ),
    names=table(
        r"""
        (my name is|i am|i'm|i’m|this is) (?-i:[A-Z][a-z]+)
        (my|our) (colleague|engineer|manager),? (?-i:[A-Z][a-z]+)
        """
    ),
)
