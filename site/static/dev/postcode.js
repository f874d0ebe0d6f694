/* Development and tests: stands in for the postcode search, so that the order sheet works without the network.
   It knows a handful of addresses and keeps the protocol of the real one. */
(() => {
  const ADDRESSES = [
    { zonecode: "03044", roadAddress: "서울 종로구 효자로 12", jibunAddress: "서울 종로구 창성동 117", bname: "창성동", buildingName: "", apartment: "N" },
    { zonecode: "06236", roadAddress: "서울 강남구 테헤란로 152", jibunAddress: "서울 강남구 역삼동 737", bname: "역삼동", buildingName: "강남파이낸스센터", apartment: "N" },
    { zonecode: "63122", roadAddress: "제주특별자치도 제주시 문연로 6", jibunAddress: "제주특별자치도 제주시 연동 312-1", bname: "연동", buildingName: "", apartment: "N" },
    { zonecode: "40205", roadAddress: "경북 울릉군 울릉읍 도동2길 66", jibunAddress: "경북 울릉군 울릉읍 도동리 214", bname: "", buildingName: "", apartment: "N" },
    { zonecode: "48058", roadAddress: "부산 해운대구 센텀동로 99", jibunAddress: "부산 해운대구 재송동 1209", bname: "재송동", buildingName: "벽산e센텀클래스원", apartment: "Y" },
  ];

  class Postcode {
    constructor(options) { this.options = options; }

    embed(place) {
      const list = document.createElement("ul");
      for (const one of ADDRESSES) {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "link";
        button.textContent = `${one.zonecode} ${one.roadAddress}`;
        button.addEventListener("click", () => {
          this.options.oncomplete({ autoRoadAddress: "", userSelectedType: "R", ...one });
          this.options.onclose?.("COMPLETE_CLOSE");
        });
        item.append(button);
        list.append(item);
      }
      place.replaceChildren(list);
      list.querySelector("button").focus();
    }
  }

  window.kakao = { ...window.kakao, Postcode };
})();
