"""The messages of the Forms API, field by field."""

from __future__ import annotations

from typing import Final

from automation.local.messages import ANY, BOOL, INT, NUMBER, TEXT, message
from automation.local.schema import Many, choice

KINDS_OF_QUESTION: Final = (
    "choiceQuestion dateQuestion fileUploadQuestion ratingQuestion rowQuestion scaleQuestion "
    "textQuestion timeQuestion"
)
KINDS_OF_ITEM: Final = "imageItem pageBreakItem questionGroupItem questionItem textItem videoItem"

INFO: Final = message(
    "Info",
    description=TEXT,
    documentTitle=TEXT,
    title=TEXT,
)
MEDIA_PROPERTIES: Final = message(
    "MediaProperties",
    alignment=choice("LEFT RIGHT CENTER"),
    width=INT,
)
IMAGE: Final = message(
    "Image",
    altText=TEXT,
    contentUri=TEXT,
    properties=MEDIA_PROPERTIES,
    sourceUri=TEXT,
)
IMAGE_ITEM: Final = message(
    "ImageItem",
    image=IMAGE,
)
PAGE_BREAK_ITEM: Final = message(
    "PageBreakItem",
)
OPTION: Final = message(
    "Option",
    goToAction=choice("NEXT_SECTION RESTART_FORM SUBMIT_FORM"),
    goToSectionId=TEXT,
    image=IMAGE,
    isOther=BOOL,
    value=TEXT,
)
CHOICE_QUESTION: Final = message(
    "ChoiceQuestion",
    options=Many(OPTION),
    shuffle=BOOL,
    type=choice("RADIO CHECKBOX DROP_DOWN"),
)
GRID: Final = message(
    "Grid",
    columns=CHOICE_QUESTION,
    shuffleQuestions=BOOL,
)
DATE_QUESTION: Final = message(
    "DateQuestion",
    includeTime=BOOL,
    includeYear=BOOL,
)
FILE_UPLOAD_QUESTION: Final = message(
    "FileUploadQuestion",
    folderId=TEXT,
    maxFileSize=TEXT,
    maxFiles=INT,
    types=Many(choice("ANY DOCUMENT PRESENTATION SPREADSHEET DRAWING PDF IMAGE VIDEO AUDIO")),
)
CORRECT_ANSWER: Final = message(
    "CorrectAnswer",
    value=TEXT,
)
CORRECT_ANSWERS: Final = message(
    "CorrectAnswers",
    answers=Many(CORRECT_ANSWER),
)
TEXT_LINK: Final = message(
    "TextLink",
    displayText=TEXT,
    uri=TEXT,
)
VIDEO_LINK: Final = message(
    "VideoLink",
    displayText=TEXT,
    youtubeUri=TEXT,
)
EXTRA_MATERIAL: Final = message(
    "ExtraMaterial",
    link=TEXT_LINK,
    video=VIDEO_LINK,
)
FEEDBACK: Final = message(
    "Feedback",
    material=Many(EXTRA_MATERIAL),
    text=TEXT,
)
GRADING: Final = message(
    "Grading",
    correctAnswers=CORRECT_ANSWERS,
    generalFeedback=FEEDBACK,
    pointValue=INT,
    whenRight=FEEDBACK,
    whenWrong=FEEDBACK,
)
RATING_QUESTION: Final = message(
    "RatingQuestion",
    iconType=choice("STAR HEART THUMB_UP"),
    ratingScaleLevel=INT,
)
ROW_QUESTION: Final = message(
    "RowQuestion",
    title=TEXT,
)
SCALE_QUESTION: Final = message(
    "ScaleQuestion",
    high=INT,
    highLabel=TEXT,
    low=INT,
    lowLabel=TEXT,
)
TEXT_QUESTION: Final = message(
    "TextQuestion",
    paragraph=BOOL,
)
TIME_QUESTION: Final = message(
    "TimeQuestion",
    duration=BOOL,
)
QUESTION: Final = message(
    "Question",
    one_of=KINDS_OF_QUESTION,
    choiceQuestion=CHOICE_QUESTION,
    dateQuestion=DATE_QUESTION,
    fileUploadQuestion=FILE_UPLOAD_QUESTION,
    grading=GRADING,
    questionId=TEXT,
    ratingQuestion=RATING_QUESTION,
    required=BOOL,
    rowQuestion=ROW_QUESTION,
    scaleQuestion=SCALE_QUESTION,
    textQuestion=TEXT_QUESTION,
    timeQuestion=TIME_QUESTION,
)
QUESTION_GROUP_ITEM: Final = message(
    "QuestionGroupItem",
    grid=GRID,
    image=IMAGE,
    questions=Many(QUESTION),
)
QUESTION_ITEM: Final = message(
    "QuestionItem",
    image=IMAGE,
    question=QUESTION,
)
TEXT_ITEM: Final = message(
    "TextItem",
)
VIDEO: Final = message(
    "Video",
    properties=MEDIA_PROPERTIES,
    youtubeUri=TEXT,
)
VIDEO_ITEM: Final = message(
    "VideoItem",
    caption=TEXT,
    video=VIDEO,
)
ITEM: Final = message(
    "Item",
    one_of=KINDS_OF_ITEM,
    description=TEXT,
    imageItem=IMAGE_ITEM,
    itemId=TEXT,
    pageBreakItem=PAGE_BREAK_ITEM,
    questionGroupItem=QUESTION_GROUP_ITEM,
    questionItem=QUESTION_ITEM,
    textItem=TEXT_ITEM,
    title=TEXT,
    videoItem=VIDEO_ITEM,
)
PUBLISH_STATE: Final = message(
    "PublishState",
    isAcceptingResponses=BOOL,
    isPublished=BOOL,
)
PUBLISH_SETTINGS: Final = message(
    "PublishSettings",
    publishState=PUBLISH_STATE,
)
QUIZ_SETTINGS: Final = message(
    "QuizSettings",
    isQuiz=BOOL,
)
FORM_SETTINGS: Final = message(
    "FormSettings",
    emailCollectionType=choice("DO_NOT_COLLECT VERIFIED RESPONDER_INPUT"),
    quizSettings=QUIZ_SETTINGS,
)
FORM: Final = message(
    "Form",
    formId=TEXT,
    info=INFO,
    items=Many(ITEM),
    linkedSheetId=TEXT,
    publishSettings=PUBLISH_SETTINGS,
    responderUri=TEXT,
    revisionId=TEXT,
    settings=FORM_SETTINGS,
)
FORM_RESPONSE: Final = message(
    "FormResponse",
    answers=ANY,
    createTime=TEXT,
    formId=TEXT,
    lastSubmittedTime=TEXT,
    respondentEmail=TEXT,
    responseId=TEXT,
    totalScore=NUMBER,
)
LOCATION: Final = message(
    "Location",
    index=INT,
)
WRITE_CONTROL: Final = message(
    "WriteControl",
    requiredRevisionId=TEXT,
    targetRevisionId=TEXT,
)

RESPONSES: Final = message(
    "ListFormResponsesResponse", nextPageToken=TEXT, responses=Many(FORM_RESPONSE)
)
PUBLISH: Final = message(
    "SetPublishSettingsRequest", publishSettings=PUBLISH_SETTINGS, updateMask=TEXT
)
UPDATE: Final = message(
    "BatchUpdateFormRequest",
    includeFormInResponse=BOOL,
    requests=Many(ANY),
    writeControl=WRITE_CONTROL,
)
KINDS: Final = {
    "createItem": message("CreateItemRequest", item=ITEM, location=LOCATION),
    "deleteItem": message("DeleteItemRequest", location=LOCATION),
    "moveItem": message("MoveItemRequest", originalLocation=LOCATION, newLocation=LOCATION),
    "updateItem": message("UpdateItemRequest", item=ITEM, location=LOCATION, updateMask=TEXT),
    "updateFormInfo": message("UpdateFormInfoRequest", info=INFO, updateMask=TEXT),
    "updateSettings": message("UpdateSettingsRequest", settings=FORM_SETTINGS, updateMask=TEXT),
}
"""The kinds of request that a batchUpdate of a form may hold: all that Google has."""
